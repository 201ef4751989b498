// A lock that cannot be taken twice is taken again where the same path holds it.
#pragma once

#include <vector>

#include "analyzer/static-pass/checks/telling.h"

namespace gordian::check {

std::vector<finding::Finding> check_double_lock(const Scene& scene);

}  // namespace gordian::check
