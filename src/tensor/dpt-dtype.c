#include "dpt-dtype.h"
