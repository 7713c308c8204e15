#include "dpt-model.h"
