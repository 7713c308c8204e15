#include "dpt-names.h"
