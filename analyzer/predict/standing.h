// Where several threads can stand at once: one position of each, none of which lies in the closure of what
// comes before them.
//
// A position that lies in the closure can not be the last of its thread, there or in any larger closure, and
// is left behind: so the search costs no more than one walk over the trace. The closure is that of the
// positions found; what was in it before stays.
//
// Promises: `position_of(i, k)` is the k-th of the `count(i)` positions that the i-th thread may stand at, in
// program order. What is returned is the k of each; nothing where there is no way.
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "analyzer/predict/closure.h"

namespace gordian::predict {

template <typename ThreadOf, typename Count, typename PositionOf>
std::optional<std::vector<size_t>> find_standing(Closure& closure, size_t threads, ThreadOf thread_of,
                                                 Count count, PositionOf position_of) {
  std::vector<size_t> at(threads);
  for (;;) {
    for (size_t i = 0; i < threads; ++i) closure.bring(thread_of(i), position_of(i, at[i]));
    if (closure.is_impossible()) return std::nullopt;
    bool all_stand = true;
    for (size_t i = 0; i < threads; ++i) {
      const uint32_t included = closure.count_of(thread_of(i));
      if (position_of(i, at[i]) >= included) continue;
      all_stand = false;
      while (at[i] < count(i) && position_of(i, at[i]) < included) ++at[i];
      if (at[i] == count(i)) return std::nullopt;
    }
    if (all_stand) return at;
  }
}

// The set, as the threads that have to run and how far.
inline std::vector<Prefix> stops_of(const Closure& closure, uint32_t threads) {
  std::vector<Prefix> stops;
  for (uint32_t thread = 0; thread < threads; ++thread) {
    if (const uint32_t count = closure.count_of(thread); count != 0) stops.push_back({thread, count});
  }
  return stops;
}

}  // namespace gordian::predict
