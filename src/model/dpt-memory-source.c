#include "dpt-memory-source.h"
