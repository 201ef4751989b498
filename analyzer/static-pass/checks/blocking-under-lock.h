// A call that can sleep for long, closed over calls, with a lock held that it does not itself release.
#pragma once

#include <vector>

#include "analyzer/static-pass/checks/telling.h"

namespace gordian::check {

std::vector<finding::Finding> check_blocking_under_lock(const Scene& scene);

}  // namespace gordian::check
