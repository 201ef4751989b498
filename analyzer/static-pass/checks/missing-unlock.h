// A path leaves a function with a lock that other paths of it release.
#pragma once

#include <vector>

#include "analyzer/static-pass/checks/telling.h"

namespace gordian::check {

std::vector<finding::Finding> check_missing_unlock(const Scene& scene);

}  // namespace gordian::check
