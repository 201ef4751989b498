// The lock orders of a run as a report lists them: by the names of locks, not one by one.
//
// Promises: sorted; at most kMostOrderEdges, the rest counted. Edges that share stable names, modes and call
// sites are one.
#pragma once

#include <functional>

#include "analyzer/capture/order_scene.h"
#include "analyzer/finding/finding.h"

namespace gordian::capture {

inline constexpr size_t kMostOrderEdges = 20'000;

finding::LockOrder order_edges(const OrderScene& scene,
                               const std::function<std::string(uint32_t lock)>& stable_name,
                               AddressNames& names);

}  // namespace gordian::capture
