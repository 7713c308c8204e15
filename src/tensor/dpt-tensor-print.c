#include "dpt-tensor-print.h"
