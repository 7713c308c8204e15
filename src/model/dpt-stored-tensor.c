#include "dpt-stored-tensor.h"
