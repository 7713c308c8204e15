#include "dpt-meta-graph.h"
