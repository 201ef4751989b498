#include "analyzer/static-pass/driver/units.h"
namespace gordian::check {}
