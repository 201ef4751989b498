// Whether two uses of a variable can happen at the same time.
//
// Promises: says that they cannot where they share a lock, where threads are known to be started later or to
// have ended, and where the one has waited for the other's word.
#pragma once

#include <map>
#include <set>
#include <vector>

#include "analyzer/static-pass/link/shared_variables.h"

namespace gordian::check {

class Meeting {
 public:
  Meeting(const Analysis& analysis, const Concurrency& concurrency, const Bindings& bindings);

  bool share_a_lock(const Use& one, const Use& other) const;
  // Whether some path to each holds one lock of the same class.
  bool may_share_a_lock(const Use& one, const Use& other) const;
  bool can_meet(const Use& one, const Use& other) const;
  // Only by main and the threads that the program is seen to start.
  bool can_meet_as_seen(const Use& one, const Use& other) const;

  // Whether `this` is the object that started the thread which comes here.
  bool runs_in_own_thread(const Use& use) const;
  // Before the thread is started, in the function that starts it.
  bool starts_thread_later(const Use& use) const;

  static bool has_exclusive(const Use& use);

 private:
  bool is_told(const Use& one, const Use& other) const;
  bool has_waited_for(const Use& use, const std::set<LockClass>& signals) const;

  const Analysis& analysis_;
  const Concurrency& concurrency_;
  const Bindings& bindings_;
  std::map<FunctionId, std::set<LockClass>> signals_;
  std::map<FunctionId, std::vector<const Wait*>> waits_;
};

}  // namespace gordian::check
