// Builds a Trace event by event, and keeps it well formed.
//
// Promises: an event that contradicts the ones before it is not added, and `add` says why; whoever reads the
// file decides whether that ends the reading or is counted. Taking again what the thread has already (a
// recursive lock) is no contradiction: only the outermost acquisition and release become events.
#pragma once

#include <optional>
#include <string_view>

#include "analyzer/predict/trace.h"

namespace gordian::predict {

enum class Misfit {
  kFits,
  kNotHeld,       // a release of what the thread does not hold
  kHeldByOther,   // an acquisition of what another thread has
  kOwnOtherMode,  // an acquisition of what the thread itself has in the other mode
  kTooMany,       // more events than a trace can number
};
std::string_view reason_of(Misfit misfit);

class TraceBuilder {
 public:
  uint32_t add_thread(ThreadInfo info);
  uint32_t add_lock(LockInfo info);
  uint32_t add_site(Site site);
  uint32_t add_variable(VariableInfo info = {});
  uint32_t add_resource() { return trace_.resource_count++; }

  Misfit add(Op op, uint32_t thread, uint32_t operand, uint32_t site, uint8_t flags = 0);

  // How often the thread has the lock, counting recursion.
  uint32_t depth(uint32_t thread, uint32_t lock) const;
  // Gives the lock up whatever the depth, and takes it to a depth: a monitor's wait.
  Misfit release_all(uint32_t thread, uint32_t lock, uint32_t site);
  Misfit acquire_to(uint32_t depth, uint32_t thread, uint32_t lock, uint32_t site);
  // A thread that holds the lock, other than `thread`; kNone when there is none.
  uint32_t other_holder(uint32_t thread, uint32_t lock) const;

  Trace& trace() { return trace_; }
  Trace take() { return std::move(trace_); }

 private:
  struct Hold {
    uint32_t thread;
    uint32_t depth;
  };
  struct LockState {
    std::optional<Hold> exclusive;
    std::vector<Hold> shared;
  };
  Hold* hold_of(uint32_t thread, uint32_t lock, bool shared);
  Misfit acquire(uint32_t thread, uint32_t lock, uint32_t site, uint8_t flags);
  Misfit release(uint32_t thread, uint32_t lock, uint32_t site);
  Misfit append(const Event& event);

  Trace trace_;
  std::vector<LockState> states_;
};

}  // namespace gordian::predict
