#include "dpt-shape-inference.h"
