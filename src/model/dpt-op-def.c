#include "dpt-op-def.h"
