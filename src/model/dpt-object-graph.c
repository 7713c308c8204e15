#include "dpt-object-graph.h"
