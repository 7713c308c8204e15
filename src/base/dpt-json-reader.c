#include "dpt-json-reader.h"
