// What globals and fields may point to, wherever in the program that is assigned: functions that are called
// back, and locks that pointers lead to. Blind to the order of assignments and to which object a field
// belongs to.
//
// Promises: built once; complete for what is assigned, passed to a parameter that is assigned, or initialised
// in the units that were read. A place with more than `kMost` values counts as unknown, and is counted.
#pragma once

#include <set>
#include <unordered_map>
#include <vector>

#include "analyzer/static-pass/link/program.h"

namespace gordian::check {

class Values {
 public:
  static constexpr size_t kMost = 24;

  explicit Values(Program& program);

  // Functions and lambdas that a call through this path may run.
  std::vector<FunctionId> functions_at(PathId path) const;

  // The one global that a pointer can lead to; 0 when it may be none or several.
  PathId only_target(PathId global) const;

  size_t overflowed() const { return overflowed_; }

 private:
  struct Slot {
    std::set<FunctionId> functions;
    std::set<PathId> targets;
    bool unknown = false;
    bool full = false;
  };
  using Key = uint64_t;

  std::vector<Key> slots_of(FunctionId in, const Path& path) const;
  Key exact_slot(const Path& path) const;
  void flow(FunctionId in, Key target, const Path& value);
  void flow_functions();
  bool add_all(Slot& to, const Slot& from);

  Program& program_;
  std::unordered_map<Key, Slot> slots_;
  std::vector<std::pair<Key, Key>> copies_;  // from, to
  size_t overflowed_ = 0;
};

}  // namespace gordian::check
