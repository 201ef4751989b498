// A trace in memory: what threads did, in one total order that is consistent with what happened.
//
// Promises: plain data with dense numbers; a thread, lock, resource or variable is an index into its table.
// The events are well formed: a lock has one exclusive holder or several that share it, a release ends what
// the same thread took, and taking again what is already held leaves no event. TraceBuilder sees to that.
// 16 bytes an event. Positions count from 0 within a thread, or within the trace where it says so.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/record/flight_record.h"

namespace gordian::predict {

inline constexpr uint32_t kNone = UINT32_MAX;

enum class Op : uint8_t {
  kAcquire,  // operand: lock
  kRelease,
  kRequest,    // ready to block for it
  kTryFailed,  // ended without it, because somebody had it
  kRead,       // operand: variable
  kWrite,
  kFork,  // operand: thread
  kJoin,
  kBegin,
  kEnd,
  kWait,    // operand: resource; goes to sleep on it
  kWake,    // was let go by others
  kNotify,  // lets others go
};

inline constexpr uint8_t kShared = 0x1;
inline constexpr uint8_t kCannotBlock = 0x2;  // a try, or an attempt that ends by itself
inline constexpr uint8_t kOnItsOwn = 0x4;     // kWake: by time, so that nobody had to let it go
inline constexpr uint8_t kAtomic = 0x8;       // an access that does not race with its like
inline constexpr uint8_t kLate = 0x10;        // an access that was made before its place (doubts.h)

struct Event {
  uint32_t thread = 0;
  uint32_t operand = kNone;
  uint32_t site = kNone;  // index in Trace::sites
  Op op = Op::kBegin;
  uint8_t flags = 0;
};
static_assert(sizeof(Event) <= 16);

inline bool is_access(const Event& event) {
  return event.op == Op::kRead || event.op == Op::kWrite;
}

// Where an event was: the trace's own text, or an address of the program's.
struct Site {
  std::string text;
  uint64_t address = 0;
  bool is_return = true;  // the address comes after the call; else it is the instruction itself
};

struct LockInfo {
  std::string name;  // the trace's own; empty where only the address is known
  uint64_t address = 0;
  uint32_t generation = 0;
  record::ResourceKind kind = record::ResourceKind::kMutex;
  uint32_t init_site = kNone;
  uint32_t first_site = kNone;
};

struct VariableInfo {
  std::string name;  // the trace's own; empty where only the address is known
  uint64_t address = 0;
};

struct ThreadInfo {
  std::string name;
  uint32_t tid = 0;
  uint64_t start_routine = 0;
  uint32_t event_count = 0;
};

// What the trace is known not to hold.
struct Gaps {
  uint64_t cut_off = 0;   // events after the last one that had room: what is there is still a whole prefix
  uint64_t missed = 0;    // events in between
  uint64_t unfilled = 0;  // events that a thread had begun to write
  uint64_t misfits = 0;   // events that contradict the ones before them, passed over
  uint64_t threads_unnamed = 0;
  bool lacks_code = false;  // some code was not compiled so that its accesses are there

  // With holes, what is not in the trace may refute what is found in it.
  bool has_holes() const { return missed != 0 || unfilled != 0 || misfits != 0; }
};

struct Trace {
  std::string path;
  std::vector<Event> events;
  std::vector<Site> sites;
  std::vector<LockInfo> locks;
  std::vector<ThreadInfo> threads;
  std::vector<VariableInfo> variables;
  uint32_t resource_count = 0;
  uint64_t lines = 0;  // events as the file counts them
  bool holds_accesses = false;
  bool accesses_come_early = false;  // a plain access is made after its event (doubts.h)
  Gaps gaps;
  finding::Program program;                   // of a recorded process
  std::vector<record::ModuleRecord> modules;  // likewise
};

}  // namespace gordian::predict
