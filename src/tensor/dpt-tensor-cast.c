#include "dpt-tensor-cast.h"
