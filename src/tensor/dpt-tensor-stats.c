#include "dpt-tensor-stats.h"
