#include "dpt-tensor-source.h"
