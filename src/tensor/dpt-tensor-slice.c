#include "dpt-tensor-slice.h"
