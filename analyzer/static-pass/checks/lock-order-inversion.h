// Cycles in the order in which the program takes its locks.
#pragma once

#include <vector>

#include "analyzer/static-pass/checks/telling.h"

namespace gordian::check {

std::vector<finding::Finding> check_lock_order_inversion(const Scene& scene);

}  // namespace gordian::check
