#include "dpt-byte-reader.h"
