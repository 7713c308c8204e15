#include "dpt-checkpoint.h"
