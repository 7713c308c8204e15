#include "dpt-node.h"
