// A lock is released on a path that has released it already, or in a thread that never took it.
#pragma once

#include <vector>

#include "analyzer/static-pass/checks/telling.h"

namespace gordian::check {

std::vector<finding::Finding> check_unlock_not_held(const Scene& scene);

}  // namespace gordian::check
