// A finding, as plain data: what is wrong, how sure we are, and the evidence. Judges write it, renderers read
// it.
//
// Promises: values only; no Boost, no clang, no I/O. The names are those of the report format
// (docs/formats/report.md), whose JSON is a one-to-one image of these structures.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gordian::finding {

// Ordered: a later grade is a stronger claim.
enum class Grade { kUnlikely, kPossible, kPredicted, kConfirmed, kInferred, kProven };

enum class RuleId {
  kDeadlock,
  kSelfDeadlock,
  kAbandonedLock,
  kGlobalStall,
  kLostWakeup,
  kLockOrderInversion,
  kLockHeldAtExit,
  kUnlockNotHeld,
  kUnlockNotOwner,
  kDestroyWhileHeld,
  kInitWhileHeld,
  kConditionMutexMismatch,
  kWaitWithoutMutex,
  kPriorityInversion,
  kDoubleLock,
  kMissingUnlock,
  kWaitWithoutLoop,
  kBlockingUnderLock,
  kLockAcrossCoAwait,
  kUnnamedGuard,
  kDataRace,
};

// Rules whose finding is one wrong call.
constexpr bool is_misuse(RuleId rule) {
  return rule >= RuleId::kLockHeldAtExit && rule != RuleId::kDataRace;
}

// Rules whose finding is threads that wait, or could wait, for each other.
constexpr bool is_about_waiting(RuleId rule) {
  return !is_misuse(rule) && rule != RuleId::kDataRace;
}

std::string_view name_of(Grade grade);
std::string_view name_of(RuleId rule);
std::optional<Grade> grade_from(std::string_view name);
std::optional<RuleId> rule_from(std::string_view name);

// One source position on a stack. Inlined frames come as frames of their own, innermost first, with `inlined`
// set.
struct Frame {
  uint64_t address = 0;
  std::string module;          // path of the mapped file, or empty
  uint64_t module_offset = 0;  // as addr2line -e MODULE takes it
  std::string function;        // demangled; empty when unknown
  std::string file;            // empty without debug information
  uint32_t line = 0;
  uint32_t column = 0;
  bool inlined = false;
  std::string language;  // "" native, "python" for an interpreter's frame
};

using Stack = std::vector<Frame>;

struct ThreadName {
  std::string name;
  uint32_t tid = 0;
  uint32_t pid = 0;
  std::string started_at;  // entry function, when known
};

struct ResourceName {
  std::string name;  // for people: `bank.cpp:12 account_lock`, `accounts[1].lock`, `mutex first locked at f()
                     // file:line`
  std::string kind;  // "mutex", "rwlock", "semaphore", ...
  uint64_t address = 0;
  std::string stable;  // the part of the name that survives a run and an edit: no address, no line
  std::string module;  // a global or static one: the file that it is part of, and its address in there
  uint64_t module_offset = 0;
};

struct Acquisition {
  ResourceName resource;
  std::string mode;  // "exclusive" or "shared"
  Stack acquired_at;
};

// One member of a cycle: a thread, what it waits for, and who has it.
struct Step {
  ThreadName thread;
  ResourceName waits_for;
  std::string wait_mode;               // "exclusive", "shared", "timed"; of a race "read", "write"
  std::string held_by;                 // name and tid of the holder, or what is known instead of one
  std::optional<size_t> held_by_step;  // index of the holder in the cycle
  std::string link;  // why it depends on the holder: "owner", "observed holder", "signaller", "could signal",
                     // "ended", "left behind by fork"; "order" where it did not wait in the observed run;
                     // "access" of a race, where nobody waits
  uint64_t since_ms = 0;
  Stack waiting_at;
  std::vector<Acquisition> holds;
};

struct Condition {
  bool holds = false;
  std::string evidence;
};

// Coffman, Elphick, Shoshani: System Deadlocks, 1971.
struct FourConditions {
  Condition mutual_exclusion;
  Condition hold_and_wait;
  Condition no_preemption;
  Condition circular_wait;
};

// What came of trying to make it happen.
struct Confirmation {
  std::string outcome;   // "confirmed", "not reached", "impossible"
  uint32_t tries = 0;    // runs that were made
  uint32_t arrived = 0;  // the most of its threads that stood in place at once
  uint32_t participants = 0;
  uint64_t seed = 0;
  std::string explanation;
};

// Of a finding of the static pass: whether runs came by its places (exercised.h).
struct Exercised {
  std::string outcome;  // "confirmed", "observed", "never exercised"
  std::string explanation;
};

enum class Baseline { kNew, kKnown };

struct Finding {
  RuleId rule = RuleId::kDeadlock;
  Grade grade = Grade::kPossible;
  std::string fingerprint;
  std::string summary;
  std::string grade_reason;  // the link that rests on observed use, when there is one
  std::optional<FourConditions> conditions;
  std::vector<Step> cycle;
  std::vector<std::string> schedule;  // the order of events that reaches it, for `predicted` and `confirmed`
  uint32_t members_not_shown = 0;
  uint32_t waiting_behind = 0;  // threads that wait for a member without being one
  std::string fix;
  bool suppressed = false;
  std::string suppression;  // why, in the words of the suppression that matched
  Baseline baseline = Baseline::kNew;
  uint32_t pid = 0;
  uint32_t occurrences = 1;       // how often it was found, when reports were merged
  std::vector<uint32_t> also_in;  // the other processes that it was found in
  std::optional<Confirmation> confirmation;
  std::optional<Exercised> exercised;
};

// Something that Gordian knows it did not see.
struct Unseen {
  std::string what;
  uint64_t count = 0;
  std::string why;
  std::string consequence;
};

// The lock orders of a run, by lock names: instances that share their stable names and sites are one edge. Of
// a chain of held locks each link is an edge; what follows from the links is left out.
struct OrderEdge {
  ResourceName from;
  ResourceName to;
  std::string from_mode;  // "exclusive", "shared"
  std::string to_mode;
  Stack acquired_at;                 // where `from` was taken
  Stack attempted_at;                // where `to` was asked for
  std::vector<std::string> guards;   // stable names of what was held besides, in every sighting
  std::vector<std::string> threads;  // names of threads seen to do it, some
  uint64_t contexts = 0;             // in how many different ways it was seen
};

struct LockOrder {
  std::vector<OrderEdge> edges;  // sorted by stable names
  uint64_t edges_not_shown = 0;
};

struct Program {
  std::string path;
  std::vector<std::string> arguments;
  uint32_t pid = 0;
  std::string build_id;
  std::string started;  // ISO 8601, UTC
};

// One thread as `gordian inspect` shows it, part of a finding or not.
struct ThreadView {
  ThreadName thread;
  std::string state;  // "running", "waiting", "in a system call", "ended", "left behind by fork"
  Stack at;           // where it is, when it does not wait for a resource; empty when not known
  std::optional<Step> wait;
  std::vector<Acquisition> holds;
};

struct Report {
  Program program;
  std::vector<Finding> findings;
  std::vector<Unseen> unseen;
  std::vector<Program> other_programs;  // the further processes of a merged report
  LockOrder lock_order;
  std::optional<bool> running;           // of `gordian inspect`: whether the process still exists
  std::vector<ThreadView> threads;       // and its threads; empty otherwise
  std::vector<std::string> assumptions;  // what its reading rests on: how locks are laid out, for example
};

}  // namespace gordian::finding
