#include "dpt-tensor.h"
