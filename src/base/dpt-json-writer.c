#include "dpt-json-writer.h"
