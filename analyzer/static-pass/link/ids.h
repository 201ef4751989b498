// Numbers of the link step's things. Each is an index into a table of the Program or of the Analysis.
#pragma once

#include <compare>
#include <cstdint>

namespace gordian::check {

struct FunctionId {
  uint32_t value = UINT32_MAX;
  auto operator<=>(const FunctionId&) const = default;
  explicit operator bool() const { return value != UINT32_MAX; }
};

// An access path, interned: equal paths have equal numbers. 0 is the path that is not followed.
struct PathId {
  uint32_t value = 0;
  auto operator<=>(const PathId&) const = default;
  explicit operator bool() const { return value != 0; }
};

// A chain of calls that ends at what is told: an acquisition, an access, a call that blocks.
struct TraceId {
  uint32_t value = UINT32_MAX;
  auto operator<=>(const TraceId&) const = default;
  explicit operator bool() const { return value != UINT32_MAX; }
};

}  // namespace gordian::check
