#include "dpt-progress.h"
