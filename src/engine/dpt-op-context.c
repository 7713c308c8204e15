#include "dpt-op-context.h"
