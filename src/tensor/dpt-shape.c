#include "dpt-shape.h"
