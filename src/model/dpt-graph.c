#include "dpt-graph.h"
