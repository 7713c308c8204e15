#include "dpt-op-registry.h"
