// A coroutine is suspended with a lock held.
#pragma once

#include <vector>

#include "analyzer/static-pass/checks/telling.h"

namespace gordian::check {

std::vector<finding::Finding> check_lock_across_co_await(const Scene& scene);

}  // namespace gordian::check
