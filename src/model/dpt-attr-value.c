#include "dpt-attr-value.h"
