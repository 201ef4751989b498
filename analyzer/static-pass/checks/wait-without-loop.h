// A condition wait that does not come back to a test of its state within the critical section.
#pragma once

#include <vector>

#include "analyzer/static-pass/checks/telling.h"

namespace gordian::check {

std::vector<finding::Finding> check_wait_without_loop(const Scene& scene);

}  // namespace gordian::check
