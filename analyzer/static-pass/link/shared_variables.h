// Every use of the variables that threads may share: globals, fields, and locals that threads are given.
//
// Promises: left out is what its own thread alone can reach: objects under construction, new objects, locals
// that nobody else has. Left out are locks, atomics, constants and thread-locals too. What is used through a
// parameter is a use of the object that callers pass; chains longer than a bound are counted.
#pragma once

#include <deque>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "analyzer/static-pass/link/locksets.h"

namespace gordian::check {

struct Use {
  const Access* access = nullptr;
  PathId path;               // settled
  std::set<HeldLock> locks;  // settled
  const EntryContext* entered = nullptr;
  std::vector<std::pair<FunctionId, Place>> inner;  // called from there, the innermost first
  std::set<LockClass> maybe;                        // held on some paths to the place and not on others
};

// What is behind a pointer is another variable than the pointer.
struct VariableKey {
  LockClass variable;
  PathId object;  // of a global or a shared local: the whole path; 0: any object
  bool behind = false;
  auto operator<=>(const VariableKey&) const = default;
};

class SharedVariables {
 public:
  SharedVariables(const Analysis& analysis, const Concurrency& concurrency, const Bindings& bindings);

  // Fields of all objects of a class as one, and globals.
  const std::map<VariableKey, std::vector<Use>>& by_class() const { return by_class_; }
  // Globals and locals, with the parts of each apart.
  const std::map<VariableKey, std::vector<Use>>& by_object() const { return by_object_; }

  const EntryLocks& entries() const { return entries_; }

 private:
  void find_once();
  void add(const Access& access, const std::vector<std::pair<FunctionId, Place>>& inner, int depth);
  void add_use(Use use, const LockClass& variable);
  void raise(const Access& access, const Path& path, std::vector<std::pair<FunctionId, Place>> inner,
             int depth);
  bool is_left_out(const LockClass& variable, const Path& path) const;
  bool is_made_for_sharing(Symbol type) const;
  bool is_made_or_unmade(const Access& access) const;
  void add_lock(Use& use, HeldLock held) const;

  const Analysis& analysis_;
  const Concurrency& concurrency_;
  const Bindings& bindings_;
  Program& program_;
  EntryLocks entries_;
  std::vector<std::vector<const CallSite*>> callers_;
  std::set<FunctionId> once_;
  std::deque<Access> raised_;
  std::set<std::pair<FunctionId, Symbol>> double_locked_;
  std::map<VariableKey, std::vector<Use>> by_class_;
  std::map<VariableKey, std::vector<Use>> by_object_;
};

}  // namespace gordian::check
