// Which locks are held wherever a function is entered: on every way from every thread.
//
// Promises: a lock is named only when all callers that are known hold it; who is called from outside has
// none. Paths are over the function's own parameters and `this`; what the function cannot name is there by
// its class.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "analyzer/static-pass/link/concurrency.h"

namespace gordian::check {

struct HeldLock {
  PathId lock;
  bool shared = false;
  auto operator<=>(const HeldLock&) const = default;
};

class EntryLocks {
 public:
  EntryLocks(const Analysis& analysis, const Concurrency& concurrency);

  const std::set<HeldLock>& of(FunctionId function) const;

 private:
  std::set<HeldLock> in_callee(const CallSite& site, const std::set<HeldLock>& held) const;
  bool meet(FunctionId function, const std::set<HeldLock>& held);

  const Analysis& analysis_;
  std::vector<std::optional<std::set<HeldLock>>> locks_;  // none: not reached yet
};

}  // namespace gordian::check
