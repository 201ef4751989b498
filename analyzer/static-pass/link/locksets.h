// In which situations a function is entered: which locks its callers hold, and which of the objects that they
// give it nobody else can reach.
//
// Promises: a situation is told for every way on which the known callers come, up to a bound that is counted;
// who is called from outside is entered without locks too. Locks are over the function's own parameters and
// `this`; what the function cannot name is there by its class.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analyzer/static-pass/link/bindings.h"
#include "analyzer/static-pass/link/concurrency.h"
#include "analyzer/static-pass/link/lock_wrappers.h"

namespace gordian::check {

struct HeldLock {
  PathId lock;
  bool shared = false;
  auto operator<=>(const HeldLock&) const = default;
};

struct EntryContext {
  std::set<HeldLock> locks;
  uint64_t owned = 0;              // bits by place(): only the thread that comes in can reach these
  bool setup = false;              // main sets things up
  std::set<LockClass> maybe;       // locks that callers hold on some paths to the call and not on others
  const CallSite* site = nullptr;  // none: entered by nobody that is known
  uint32_t caller = 0;             // which context of the caller

  // 0: `this`; from 1: parameters. What has no bit is owned by none.
  static uint64_t bit(Root root, uint32_t number);
};

class EntryLocks {
 public:
  EntryLocks(const Analysis& analysis, const Concurrency& concurrency, const Bindings& bindings);

  const std::vector<EntryContext>& of(FunctionId function) const { return contexts_[function.value]; }

  // What the function holds at a place, with what it was entered with.
  std::set<HeldLock> held(const std::vector<Hold>& holds, const EntryContext& context) const;

  // Locks that some path of the function holds at the place; a path without them may be one that cannot be.
  const std::set<LockClass>& sometimes_held(FunctionId in, const Place& place) const;

  // Whether only the function's own thread can reach the object of the path.
  bool is_owned(PathId path, FunctionId in, const EntryContext& context) const;

 private:
  static constexpr size_t kMost = 24;

  bool is_come_to(FunctionId function, const std::set<FunctionId>& called) const;
  void note_locks(FunctionId in, const Place& place, const std::vector<Hold>& holds);
  EntryContext context_of(const CallSite& site, uint32_t caller) const;
  std::set<HeldLock> in_callee(const CallSite& site, const std::set<HeldLock>& held) const;
  bool is_given_away(const CallSite& site, PathId object) const;
  bool add(FunctionId function, EntryContext context);

  const Analysis& analysis_;
  const Bindings& bindings_;
  LockWrappers wrappers_;
  const Concurrency& concurrency_;
  std::vector<std::vector<EntryContext>> contexts_;
  std::map<std::pair<FunctionId, Place>, std::set<LockClass>> sometimes_;
};

}  // namespace gordian::check
