// A guard that is a temporary of its own statement, or a declaration of a variable that was meant to be one.
#pragma once

#include <vector>

#include "analyzer/static-pass/checks/telling.h"

namespace gordian::check {

std::vector<finding::Finding> check_unnamed_guard(const Scene& scene);

}  // namespace gordian::check
