// What a function does to locks, as its callers see it. Paths are over the function's parameters, `this`, its
// captures and globals; what belongs to the function alone is known by its class, or by the function's name.
//
// Promises: plain data.
#pragma once

#include <vector>

#include "analyzer/static-pass/link/ids.h"
#include "analyzer/static-pass/models/models.h"
#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check {

// What is known of an expression.
struct Fact {
  PathId left;
  Test::Kind kind = Test::Kind::kEqual;
  PathId right;
  auto operator<=>(const Fact&) const = default;
};

// What must be so for something to happen: all facts of one of these; empty when nothing is known of it.
using Conditions = std::vector<std::vector<Fact>>;

struct Hold {
  PathId lock;
  LockKind kind = LockKind::kMutex;
  bool shared = false;
  bool recursive = false;
  bool stale = false;        // the path has come to mean something else since
  bool by_contract = false;  // held by the caller, as an attribute says
  bool maybe = false;        // a called function took it or did not, and does not say which
  bool adopted = false;      // held by the caller, as its release here says
  TraceId trace;
  uint32_t count = 1;
  FunctionId from;     // the called function that took it and came back with it; none: taken here
  uint32_t block = 0;  // where in this function
  uint32_t op = 0;
};

struct Acquisition {
  PathId lock;
  LockKind kind = LockKind::kMutex;
  bool shared = false;
  bool recursive = false;
  bool timed = false;
  TraceId trace;
  std::vector<PathId> released;  // of the caller's locks, before
  Conditions when;               // what was tested of the parameters on the way there
};

// Whether the program compared the two locks' objects to say which comes first, and how it chose.
enum class Chosen : uint8_t { kNot, kLowerFirst, kHigherFirst, kSomehow };

// `to` is asked for while `from` is held.
struct Order {
  PathId from;
  PathId to;
  LockKind from_kind = LockKind::kMutex;
  LockKind to_kind = LockKind::kMutex;
  bool from_shared = false;
  bool to_shared = false;
  bool timed = false;
  Chosen chosen = Chosen::kNot;
  Symbol chosen_by;         // the field that was compared; none: the objects themselves
  bool maybe = false;       // whether `from` is held there is not certain
  bool reacquired = false;  // a condition wait takes it back
  bool declared = false;    // by an attribute
  TraceId from_trace;
  TraceId to_trace;
  std::vector<PathId> guards;     // held besides
  FunctionId in;                  // where both ends meet
  std::vector<FunctionId> alive;  // threads that this function has started by then
  std::vector<PathId> joined;     // as in Exit
};

struct BlockingCall {
  Symbol what;  // "read", "the condition queue.ready"
  TraceId trace;
  PathId releases;  // of a wait: its mutex
  std::vector<PathId> released;
  Conditions when;
};

// A parameter or the like that the function calls, or starts a thread with.
struct Callback {
  PathId function;
  std::vector<PathId> arguments;
  std::vector<Hold> holds;
  std::vector<PathId> released;
  TraceId trace;
  bool is_thread = false;
};

// An object that releases locks as it dies.
struct Guard {
  enum class Owns : uint8_t { kNo, kYes };
  std::vector<PathId> locks;
  Owns owns = Owns::kNo;
  bool shared = false;
  bool recursive = false;
  LockKind kind = LockKind::kMutex;
  bool operator==(const Guard&) const = default;
};

// A wait that the caller has to put into a loop: the function does nothing but wait.
struct WaitingCall {
  PathId condition;
  PathId mutex;
  TraceId trace;
  bool timed = false;
};

// One way in which the function can end.
struct Exit {
  std::vector<Hold> taken;
  std::vector<Hold> released;  // what the caller held; `trace` is the release
  std::vector<std::pair<PathId, PathId>> stores;
  std::vector<std::pair<PathId, Guard>> guards;
  std::vector<Fact> facts;
  PathId value;                // what is returned; 0: not known
  bool returns_fresh = false;  // a new object
  bool is_thrown = false;      // by an exception
  bool returns_guard = false;
  Guard returned;
  std::vector<FunctionId> started;  // threads that may still run
  std::vector<PathId> joined;       // globals that threads were known by, whose end was waited for

  bool changes_locks() const {
    return !taken.empty() || !released.empty() || !guards.empty() || returns_guard;
  }
};

struct Effects {
  std::vector<Acquisition> acquisitions;
  std::vector<Order> orders;  // those that the caller may know better
  std::vector<BlockingCall> blocking;
  std::vector<Callback> callbacks;
  std::vector<WaitingCall> waits;
  std::vector<Exit> exits;
  // Locks that it leaves with on some way and releases on others, and that are not among what its exits take.
  std::vector<PathId> kept_back;

  // Whether the caller holds other locks afterwards than before, on some way.
  bool changes_locks() const {
    for (const Exit& exit : exits) {
      if (exit.changes_locks()) return true;
    }
    return !kept_back.empty();
  }
};

// What is told of a single place, for the checks to judge.
struct DoubleLock {
  FunctionId in;
  Hold held;
  TraceId again;
};
struct MissingUnlock {
  FunctionId in;
  Hold held;
  Place left_at;
  Place released_at;
  bool ends_thread = false;  // rather than that it returns
};
struct UnlockNotHeld {
  FunctionId in;
  PathId lock;
  LockKind kind = LockKind::kMutex;
  TraceId trace;
  TraceId released;  // the release before it, where it is known
  enum class By : uint8_t { kRelease, kWait, kAdoption };
  By by = By::kRelease;
};
struct Wait {
  FunctionId in;
  PathId condition;
  PathId mutex;
  TraceId trace;
  std::vector<Hold> holds;
  bool timed = false;
  bool has_predicate = false;
  bool tested_again = false;
  uint32_t block = 0;  // where in the function
  uint32_t op = 0;
};
struct BlockedUnderLock {
  FunctionId in;
  BlockingCall call;
  std::vector<Hold> holds;
};
struct Suspension {
  FunctionId in;
  TraceId trace;
  std::vector<Hold> holds;
};
struct UnnamedGuard {
  FunctionId in;
  Place place;
  Symbol type;
  PathId lock;
  bool declares = false;
};
struct Access {
  FunctionId in;
  PathId path;
  bool write = false;
  bool atomic = false;
  bool fresh = false;  // of an object that nobody else has seen yet
  Place place;
  Symbol member;  // the called member of a system class
  std::vector<Hold> holds;
  std::vector<FunctionId> alive;  // in main: threads that may run
  std::vector<PathId> joined;     // as in Exit
  std::vector<PathId> awaited;
  bool after_join = false;
};
// A condition, event or atomic flag that tells other threads how far this one is.
struct Signal {
  FunctionId in;
  PathId object;
};
struct CallSite {
  FunctionId caller;
  FunctionId callee;
  Place place;
  PathId object;
  std::vector<PathId> arguments;
  std::vector<Hold> holds;
  std::vector<FunctionId> alive;
  std::vector<PathId> escaped;  // objects made by the caller that others can have seen by then
};
struct ThreadStart {
  FunctionId in;
  FunctionId entry;
  PathId variable;  // the global that it is known by
  Place place;
  bool in_loop = false;
  std::vector<PathId> arguments;
  std::vector<FunctionId> alive;  // that may run already
};

struct Events {
  std::vector<DoubleLock> double_locks;
  std::vector<MissingUnlock> missing_unlocks;
  std::vector<UnlockNotHeld> unlocks_not_held;
  // The same where nobody calls the function: it begins a thread. Otherwise its callers may know better.
  std::vector<MissingUnlock> held_at_end;
  std::vector<UnlockNotHeld> unheld_by_caller;
  std::vector<Wait> waits;
  std::vector<BlockedUnderLock> blocked;
  std::vector<Suspension> suspensions;
  std::vector<UnnamedGuard> unnamed_guards;
  std::vector<Access> accesses;
  std::vector<CallSite> calls;
  std::vector<ThreadStart> starts;
  std::vector<Signal> signals;
  std::vector<Order> orders;  // of the whole program
};

}  // namespace gordian::check
