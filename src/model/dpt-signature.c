#include "dpt-signature.h"
