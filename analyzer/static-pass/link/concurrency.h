// Which code can run in which threads, and what can run at the same time.
//
// A function's roots are main, the entries of threads, and `anyone`: whoever calls a library from outside, or
// runs a function that was handed to code that is not followed. `anyone` runs beside everything, itself too.
// Creation and join order what main does before, between and after its threads.
//
// Promises: may say that two places can run at the same time where they cannot; says that they cannot only
// where the program's structure shows it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "analyzer/static-pass/link/analysis.h"

namespace gordian::check {

// A place in a function, and what the function itself has done by then.
struct Moment {
  FunctionId in;
  const std::vector<FunctionId>& alive;  // threads that it has started
  const std::vector<PathId>& joined;     // globals that threads were known by, whose end it has waited for
};

class Concurrency {
 public:
  explicit Concurrency(const Analysis& analysis);

  bool parallel(const Moment& one, const Moment& other) const;
  // The same, with main and the threads that are seen to start, and nobody else; and only by calls of which
  // it is known well enough what they call, not far from where the thread begins.
  bool parallel_as_seen(const Moment& one, const Moment& other) const;

  // Whether only one thread at most ever runs it.
  bool has_threads() const { return has_threads_; }

  // The entry of the only kind of thread that runs it: main, or a thread's function; none when there are
  // several.
  FunctionId only_root(FunctionId function) const;

  // Whether it is called by nobody that is known, or by others besides: main, a thread's entry, a callback.
  bool is_entry(FunctionId function) const { return entry_points_.contains(function); }

  // Whether somebody may call it whose calls are not seen.
  bool is_called_from_outside(FunctionId function) const { return outside_.contains(function); }

  // Whether it is called by nobody: it begins a thread, the first one or another.
  bool only_begins_threads(FunctionId function) const;

  // Whether a thread that the program is seen to start comes there.
  bool runs_in_thread(FunctionId function) const;

 private:
  using Roots = std::set<uint32_t>;  // indices into entries_; kAnyone
  static constexpr uint32_t kAnyone = UINT32_MAX;

  void reach(FunctionId from, uint32_t root);
  void reach_as_seen(FunctionId from, uint32_t root);
  void find_alive(FunctionId main);
  bool is_main(uint32_t root) const;
  bool roots_meet(uint32_t one, uint32_t other, const Moment& in_one, const Moment& in_other) const;
  bool is_many(uint32_t root) const;
  bool together(uint32_t one, uint32_t other) const;
  bool may_be_alive(uint32_t root, const Moment& moment, std::set<uint32_t>& seen) const;
  bool is_joined(uint32_t root, const std::vector<PathId>& joined) const;

  const Analysis& analysis_;
  std::vector<FunctionId> entries_;
  std::map<FunctionId, uint32_t> entry_index_;
  std::vector<std::vector<const CallSite*>> calls_from_;
  std::vector<Roots> roots_;                      // by function
  std::vector<Roots> seen_roots_;                 // the same, by calls that are certain
  std::set<std::pair<FunctionId, Place>> vague_;  // calls of one of many functions
  std::vector<std::set<FunctionId>> alive_in_;    // by function: threads that may run when main comes there
  std::map<uint32_t, std::vector<const ThreadStart*>> starts_;
  std::set<FunctionId> entry_points_;
  std::set<FunctionId> outside_;
  std::vector<bool> is_called_;
  bool has_threads_ = false;
};

}  // namespace gordian::check
