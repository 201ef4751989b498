// Shared variables that are used in several threads, written in one, and guarded by no common lock.
#pragma once

#include <vector>

#include "analyzer/static-pass/checks/telling.h"

namespace gordian::check {

std::vector<finding::Finding> check_data_race(const Scene& scene);

}  // namespace gordian::check
