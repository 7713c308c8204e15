#include "dpt-crc32c.h"
