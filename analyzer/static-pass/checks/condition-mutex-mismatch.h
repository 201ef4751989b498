// One condition is waited on with different mutexes.
#pragma once

#include <vector>

#include "analyzer/static-pass/checks/telling.h"

namespace gordian::check {

std::vector<finding::Finding> check_condition_mutex_mismatch(const Scene& scene);

}  // namespace gordian::check
