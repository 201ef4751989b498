// Which arrows of a graph lie on cycles.
//
// Promises: the strongly connected components, numbered from 0: an arrow lies on a cycle where both its ends
// are in the same one. Time and memory are linear; no recursion, so that no graph is too deep. After Kosaraju
// and Sharir (1981).
#pragma once

#include <cstddef>
#include <utility>
#include <vector>

namespace gordian::report {

using Arrow = std::pair<size_t, size_t>;

std::vector<size_t> components_of(size_t nodes, const std::vector<Arrow>& arrows);

}  // namespace gordian::report
