// The flight record: what a watched process leaves in shared memory about its threads and locks.
//
// Promises
//   * Freestanding: fixed-width integers and arrays only, no pointers, no allocation, no libc. The runtime
//   inside
//     the watched process writes it; anybody may map the file and read it while the process runs, hangs or is
//     gone.
//   * State, not a stream: it holds what is true now. It grows with threads and resources, never with time.
//   * Every range that the writer has touched was reserved first (posix_fallocate), so a full file system is
//   an
//     error at growth and never a SIGBUS. A range that was never reserved is a hole and reads as zeros.
//   * All offsets are from the start of the file, all times are CLOCK_MONOTONIC nanoseconds, all addresses
//   are of the
//     watched process. Byte order is the machine's own; `Header::byte_order` tells a foreign reader.
//
// Layout of the file
//
//   kHeaderOffset     Header              one; identity, limits, counters of what was not seen
//   kModuleOffset     ModuleRecord[]      executable mappings, for symbols after the end
//   kFindingOffset    FindingRecord[]     what the judges told, in order
//   kBucketOffset     uint32_t[]          heads of the hash chains of resources
//   kThreadOffset     ThreadRecord[]      one page a thread: identity, wait, stack, holds
//   kResourceOffset   ResourceRecord[]    one line a lock that was ever named
//   kOverflowOffset   Hold[][]            blocks of holds for threads that hold more than fit in their page
//   kOrderOffset      OrderNode[]         the lock orders that were seen, as a trie of held locks
//   kWitnessOffset    OrderWitness[]      which threads went that way, and when in the order of create and
//                                         join
//   kOriginOffset     ThreadOrigin[]      every thread that ever was, by serial
//   kLinkOffset       ThreadLink[]        what of one thread came before what of another, whatever the
//   schedule kEvidenceOffset   Evidence + arrays   stacks of first sightings kRaceOffset       RaceRecord[]
//   pairs of accesses that race, in the order in which they were told kEndOffset        end of the file
//
// Reading while the process runs: a thread's record is written by that thread alone and without locks. Copy
// it, then copy `progress` again: an equal value, with the top entry still an attempt, means that the thread
// was inside one and the same blocking call all the while, so that nothing it holds changed. See
// docs/formats/flight-record.md.
//
// The version rises whenever a field changes its meaning or its place; a reader accepts its own version
// alone.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gordian::record {

inline constexpr char kMagic[8] = {'G', 'O', 'R', 'D', 'I', 'A', 'N', '\n'};
inline constexpr uint32_t kVersion = 3;
inline constexpr uint32_t kByteOrder = 0x01020304;

// Capacities. A cap that is reached is counted in Header::unseen.
inline constexpr uint32_t kMaxModules = 1024;
inline constexpr uint32_t kMaxFindings = 128;
inline constexpr uint32_t kBuckets = 16384;
inline constexpr uint32_t kMaxThreads = 16384;
inline constexpr uint32_t kMaxResources = 1u << 20;
inline constexpr uint32_t kInlineHolds = 48;
inline constexpr uint32_t kOverflowBlockHolds = 64;
inline constexpr uint32_t kOverflowBlocksPerThread = 8;
inline constexpr uint32_t kMaxOverflowBlocks = 4096;
inline constexpr uint32_t kMaxFrames = 44;
inline constexpr uint32_t kMaxMembers = 48;
inline constexpr uint32_t kMaxSignallers = 6;
inline constexpr uint32_t kMaxRegisters = 16;
inline constexpr uint32_t kMaxOrderNodes = 5u << 18;
inline constexpr uint32_t kMaxOrderWitnesses = 1u << 20;
inline constexpr uint32_t kMaxWitnessesPerNode = 16;
inline constexpr uint32_t kMaxThreadOrigins = 1u << 16;
inline constexpr uint32_t kMaxThreadLinks = 1u << 18;
inline constexpr uint64_t kMaxEvidenceBytes = 32u << 20;
inline constexpr uint32_t kMaxEvidenceHolds = 32;
inline constexpr uint32_t kMaxRaces = 512;
inline constexpr uint32_t kMaxRaceFrames = 44;
inline constexpr uint32_t kMaxRaceHolds = 12;

enum class ResourceKind : uint8_t {
  kNone = 0,
  kMutex,
  kRwlock,
  kSpin,
  kBarrier,
  kCondition,
  kSemaphore,
  kOnce,
  kThread,       // waited for by join; the "address" is the joined thread's serial
  kStdioFile,    // flockfile
  kStaticGuard,  // function-local static
  kFutex,        // a raw futex word: C++20 semaphores and latches, Rust's and Abseil's locks
  // Never in a record: what `gordian inspect` reads off the kernel and an interpreter.
  kPipe,           // one end of a pipe, fifo or socket: whoever has it can end a wait at the other
  kFileLock,       // flock, fcntl
  kProcess,        // waited for by waitpid
  kSysvSemaphore,  // one of a set
  kMessageQueue,   // one end of a System V queue
  kGil,            // CPython's global interpreter lock
};

enum class ThreadState : uint32_t { kFree = 0, kStarting, kLive, kEnded, kLeftBehindByFork };

// A thread's stack of entries: what it holds and what it attempts, in the order in which it asked.
enum class HoldStatus : uint8_t { kEmpty = 0, kAttempting = 1, kHeld = 2 };
inline constexpr uint64_t kStatusMask = 0x3;
inline constexpr uint64_t kSharedBit = 0x4;  // read side of a rwlock
inline constexpr uint64_t kTimedBit = 0x8;   // the attempt ends by itself
inline constexpr uint64_t kProcessSharedBit = 0x10;

// word: address << 16 | kind << 8 | mode bits | status. An address has 48 bits.
struct Hold {
  uint64_t word;
  uint64_t site;           // return address of the call that asked for it
  uint64_t stack_pointer;  // the caller's stack pointer at that call (its canonical frame address)
  uint32_t caller_count;   // how many of `callers` were read off the frame-pointer chain
  uint32_t generation;    // semaphores, and all in evidence of a misuse: the resource's when it was taken; an
                          // entry of an earlier life holds nothing. 0: not known
  uint64_t callers[3];    // return addresses of the callers, innermost first
  uint64_t caller_frame;  // frame pointer of the outermost of them
};
static_assert(sizeof(Hold) == 64);

constexpr uint64_t make_word(uint64_t address, ResourceKind kind, uint64_t bits) {
  return address << 16 | static_cast<uint64_t>(kind) << 8 | bits;
}
constexpr uint64_t word_address(uint64_t word) {
  return word >> 16;
}
constexpr ResourceKind word_kind(uint64_t word) {
  return static_cast<ResourceKind>(word >> 8 & 0xff);
}
constexpr HoldStatus word_status(uint64_t word) {
  return static_cast<HoldStatus>(word & kStatusMask);
}

// One frame of a captured stack; frame 0's `address` is where the thread waits, the others are return
// addresses.
struct Frame {
  uint64_t address;
  uint64_t canonical_frame_address;
};

// progress: attempts << 16 | depth. It changes with every attempt and every release.
constexpr uint64_t progress_attempts(uint64_t progress) {
  return progress >> 16;
}
constexpr uint32_t progress_depth(uint64_t progress) {
  return static_cast<uint32_t>(progress & 0xffff);
}

inline constexpr uint32_t kThreadIsMain = 0x1;
inline constexpr uint32_t kThreadDetached = 0x2;
inline constexpr uint32_t kThreadIsUnknown = 0x4;  // not started under the hooks' eyes

struct ThreadRecord {
  uint32_t state;  // ThreadState
  uint32_t tid;
  uint32_t serial;  // unique in the process, from 1; a slot is used again, a serial never
  uint32_t creator_serial;
  uint64_t pthread_handle;
  uint64_t start_routine;
  uint64_t created_at;  // return address of pthread_create
  uint64_t stack_low;
  uint64_t stack_high;
  char name[16];
  uint32_t flags;
  uint32_t tid_before_fork;  // in a child: the tid that the primitives still carry as this thread's

  uint64_t progress;

  // The wait: valid while `wait_attempt == progress_attempts(progress)` and the top entry is an attempt.
  uint64_t wait_attempt;
  uint64_t wait_since_ns;
  uint64_t wait_second;               // condition: the mutex; join: nothing
  uint64_t wait_signals;              // condition, semaphore: the resource's signal count when the wait began
  uint64_t registers[kMaxRegisters];  // at the wait, in arch order; zero when not captured

  uint64_t frames_attempt;  // the attempt for which `frames` was captured
  uint32_t frame_count;
  uint32_t frames_truncated;
  uint32_t overflow_blocks[kOverflowBlocksPerThread];  // index + 1, 0 when none
  uint64_t reserved[3];
  Frame frames[kMaxFrames];
  Hold holds[kInlineHolds];
};

enum class Usage : uint8_t {
  kUnknown = 0,
  kSignal = 1,  // posted by a thread that did not hold it: an event or a counter, it has no holder
  kLock = 2,    // given back by a thread that held it, and never posted otherwise
};

inline constexpr uint8_t kResourceEnded = 0x1;  // destroyed, or its memory was freed
inline constexpr uint8_t kResourceProcessShared = 0x2;
inline constexpr uint8_t kResourceNamed = 0x4;           // sem_open
inline constexpr uint8_t kResourceManySignallers = 0x8;  // more than kMaxSignallers threads signalled it
inline constexpr uint8_t kResourceReleasedByOther = 0x10;
inline constexpr uint8_t kResourcePrefersWriters = 0x20;  // a queued writer keeps readers out
inline constexpr uint8_t kResourceRecursive = 0x40;       // its holder may take it again

struct ResourceRecord {
  uint64_t address;
  uint64_t init_site;   // return address of its init call; 0 when it was initialised statically
  uint64_t first_site;  // return address of the first acquisition seen
  uint32_t next;        // index + 1 of the next in its bucket
  uint32_t generation;
  uint8_t kind;   // ResourceKind
  uint8_t usage;  // Usage
  uint8_t flags;
  uint8_t reserved;
  int32_t initial_value;                // semaphore: initial value; barrier: the count; -1 when not known
  uint32_t signals;                     // posts, signals, broadcasts seen
  uint32_t wakes;                       // waits on it that came to an end
  uint32_t signallers[kMaxSignallers];  // serials of threads that signalled it
  uint32_t participants;                // threads that came to wait, never fewer than there were
  uint32_t rounds;                      // barrier: arrivals; semaphore: waits that came to an end
  uint32_t last_waiter;                 // semaphore: serial of the thread that took a unit last
  uint32_t reserved_too;
};

struct ModuleRecord {
  uint64_t start;
  uint64_t end;
  uint64_t file_offset;
  uint8_t build_id[20];
  uint32_t build_id_size;
  char path[208];
};
static_assert(sizeof(ModuleRecord) == 256);

// Numbered as in docs/formats/flight-record.md; the names are those of the rules.
enum class Rule : uint16_t {
  kNone = 0,
  kDeadlock,
  kSelfDeadlock,
  kAbandonedLock,
  kGlobalStall,
  kLostWakeup,
  kLockOrderInversion,  // never told by the process itself: its reader finds it in the order nodes
  kLockHeldAtExit,
  kUnlockNotHeld,
  kUnlockNotOwner,
  kDestroyWhileHeld,
  kInitWhileHeld,
  kConditionMutexMismatch,
  kWaitWithoutMutex,
  kPriorityInversion,
};
inline constexpr uint16_t kLastRule = static_cast<uint16_t>(Rule::kPriorityInversion);

// Rules whose finding is one wrong call, seen as it was made, and not threads that wait for each other.
constexpr bool is_misuse(Rule rule) {
  return rule >= Rule::kLockHeldAtExit;
}

enum class Grade : uint16_t { kNone = 0, kUnlikely, kPossible, kPredicted, kConfirmed, kInferred, kProven };

// How a lock came to its end while it was held: `second` of destroy-while-held.
enum class Ending : uint8_t { kDestroyed = 0, kFreed, kUnmapped };
inline constexpr uint64_t kLastEnding = static_cast<uint64_t>(Ending::kUnmapped);

// How one member of a finding depends on the next.
enum class Link : uint8_t {
  kNone = 0,
  kOwner,           // the resource is owned by the other, by the primitive's own rule
  kObservedHolder,  // a semaphore that the other took and has not given back
  kSignaller,       // the other is one of those who have signalled it
  kCouldSignal,     // the other is among the threads that are left, and none is left that could
  kEnded,           // the owner has ended
  kLeftBehind,      // the owner was left behind by fork
};

struct Member {
  uint32_t slot;
  uint32_t serial;
  uint64_t progress;
  uint64_t waits_for;  // address (serial for a join)
  uint32_t held_by_slot;
  uint32_t held_by_serial;  // 0 when nobody in particular
  uint8_t kind;             // ResourceKind of what it waits for
  uint8_t link;             // Link
  uint8_t timed;
  uint8_t phase;         // 1: condition wait that is re-acquiring its mutex
  uint32_t held_by_tid;  // for owners that have ended
};

// Of a misuse, members[0] is the thread that made the call (`waits_for`, `kind`: the lock it is about;
// `held_by`: who has it, where somebody has), `evidence` its stack, with what was taken as its holds: the
// lock's own acquisition first, where that is known; what lies on no stack of the caller's has the stack
// pointer 0, and an attempt among them is that of a thread that waits for the lock. `second` is the other
// party: the mutex that the condition's other waiters use, the mutex that was not held; of
// destroy-while-held, the Ending; of priority-inversion, who is scheduled how (pack_scheduling).
constexpr uint64_t pack_scheduling(uint8_t waiter_policy, uint8_t waiter_priority, uint8_t holder_policy,
                                   uint8_t holder_priority) {
  return uint64_t{waiter_policy} | uint64_t{waiter_priority} << 8 | uint64_t{holder_policy} << 16 |
         uint64_t{holder_priority} << 24;
}

struct FindingRecord {
  uint32_t published;  // 0 until everything else is written
  uint16_t rule;
  uint16_t grade;
  uint64_t told_at_ns;
  uint64_t closed_at_ns;  // when the last wait of it began
  uint32_t member_count;
  uint32_t members_dropped;
  uint32_t behind_count;  // threads that wait for a member without being one
  uint32_t live_threads;
  uint32_t unknown_threads;  // threads of the process that the hooks never saw
  uint32_t signal_handlers;  // handlers installed that could wake somebody
  uint32_t evidence;         // misuse: place in the evidence area; 0: none
  uint32_t second_kind;      // misuse: ResourceKind of `second`
  uint64_t site;             // misuse: return address of the call
  uint64_t second;           // misuse: address of the other party, 0: none
  Member members[kMaxMembers];
};

// The lock orders that were seen. A node stands for one thing asked for, at one call site, by a thread that
// held what the path from the root says, oldest first: nodes are shared by all threads that went the same
// way. So one node is one context of as many order edges as it has ancestors, and its other ancestors are the
// guards of each.
inline constexpr uint8_t kOrderShared = 0x1;      // asked for the read side
inline constexpr uint8_t kOrderAttempted = 0x2;   // somebody was ready to block there; without it the node
                                                  // only stands for something held (a try that succeeded)
inline constexpr uint8_t kOrderTimed = 0x4;       // each such attempt ends by itself
inline constexpr uint8_t kOrderReacquired = 0x8;  // a condition wait that takes its mutex back
inline constexpr uint8_t kOrderWitnessesDropped = 0x10;  // more threads went this way than are listed

struct OrderNode {
  uint64_t site;        // return address of the call
  uint32_t parent;      // index + 1 of the node of what was held; 0: nothing was
  uint32_t resource;    // index of its ResourceRecord; kThread: serial of the thread whose end was waited for
  uint32_t generation;  // of the resource at that time
  uint32_t witnesses;   // index + 1 of the first OrderWitness
  uint32_t evidence;    // place + 1 of its Evidence, in units of 16 bytes; 0: none was kept
  uint32_t reserved;
  uint32_t evidence_hold;  // 0: its frames show the call; n: its hold n - 1 does
  uint16_t depth;          // how many nodes are above
  uint8_t kind;            // ResourceKind
  uint8_t bits;
};
static_assert(sizeof(OrderNode) == 40);

// A thread counts its segments: the next one begins where another thread begins or has ended by its doing.
struct OrderWitness {
  uint32_t serial;
  uint32_t first_segment;
  uint32_t last_segment;  // it was seen there in these two, and may have been between
  uint32_t next;          // index + 1
};

struct ThreadOrigin {
  uint32_t serial;  // index + 1; 0: not written
  uint32_t tid;
  uint32_t creator_serial;
  uint32_t flags;  // kThreadIsMain, ...
  uint64_t start_routine;
  uint64_t created_at;
  char name[16];
  // Once it has ended: the lock under which it last signalled a condition, if its start routine asked for
  // nothing after that (destructors may have). Whoever joins it under that lock may know that it needs it no
  // more.
  uint32_t told_under;  // index + 1 of the ResourceRecord; 0: it did not
  uint32_t told_under_generation;
};
static_assert(sizeof(ThreadOrigin) == 56);

// All that `from` did up to and including its segment came before all that `to` did from its segment on, in
// every schedule: creation and join, and orders as strict as these. A barrier, a semaphore or a once control
// stands between threads as if it were one: its serial is kSyncSerial + the index of its ResourceRecord, its
// segments are its rounds. Such a link holds only where `is_strict` says so of the resource in the end.
inline constexpr uint32_t kSyncSerial = 0x8000'0000;

struct ThreadLink {
  uint32_t from_serial;
  uint32_t from_segment;
  uint32_t to_serial;
  uint32_t to_segment;
};

// Whether the links through it hold in every schedule: a barrier that always joins the same threads, a
// semaphore with nothing in it at first that one thread posts and one other waits for, a once control.
inline bool is_strict(const ResourceRecord& resource) {
  if ((resource.flags & kResourceProcessShared) != 0 || resource.generation != 1) return false;
  switch (static_cast<ResourceKind>(resource.kind)) {
    case ResourceKind::kBarrier:
      return resource.initial_value > 0 &&
             resource.participants <= static_cast<uint32_t>(resource.initial_value);
    case ResourceKind::kSemaphore:
      return resource.initial_value == 0 && resource.participants <= 1 && resource.signallers[1] == 0 &&
             (resource.flags & kResourceManySignallers) == 0;
    case ResourceKind::kOnce:
    case ResourceKind::kStaticGuard:
      return true;
    default:
      return false;
  }
}

// Followed by `frame_count` Frames, the call's own stack, innermost first, and `hold_count` Holds:
// acquisitions whose place can be found on that stack.
struct Evidence {
  uint64_t hash;
  uint32_t frame_count;
  uint32_t hold_count;
};

// How it is known that two accesses race.
enum class RaceBy : uint8_t {
  kNone = 0,
  kCaught,   // one thread stood at its access when the other made its own
  kOrder,    // both were seen, and nothing in this run puts one before the other
  kLockset,  // both were seen with no lock in common, and no order that is known of
};

// Why nothing stronger is claimed; bits.
inline constexpr uint8_t kRaceMaybeAtomic = 0x1;    // an access may be an atomic one that looks plain
inline constexpr uint8_t kRaceSameValue = 0x2;      // the write stored what was there
inline constexpr uint8_t kRaceLifetime = 0x4;       // one of the accesses frees the memory
inline constexpr uint8_t kRaceVirtualCall = 0x8;    // on an object's table of virtual functions
inline constexpr uint8_t kRaceMaybeOrdered = 0x10;  // by an order that is made past the hooks

// kUse: of a lock or the like, or a file descriptor; kEnd: its destruction, or closing.
enum class RaceAccess : uint8_t { kNone = 0, kRead, kWrite, kUpdate, kFree, kUse, kEnd };

struct RaceSide {
  uint64_t address;  // the first byte of the access
  uint64_t at_ns;    // 0: not known
  uint32_t size;     // in bytes
  uint32_t serial;   // the thread
  uint32_t tid;
  RaceAccess access;
  uint8_t is_atomic;
  uint16_t reserved;
  uint32_t frame_count;  // 0: the stack is not known
  uint32_t hold_count;
  Frame frames[kMaxRaceFrames];  // frame 0's `address` is the access itself, the others are return addresses
  Hold holds[kMaxRaceHolds];     // locks that the thread held; of those only `word` and `site` need be set
};

// kDescriptor: the address is 8 times one more than the descriptor's number.
enum class RaceMemory : uint8_t { kUnknown = 0, kGlobal, kHeap, kStack, kThreadLocal, kDescriptor };

struct RaceRecord {
  uint32_t published;  // 0 until everything else is written
  uint16_t grade;      // record::Grade
  RaceBy by;
  uint8_t bits;
  uint64_t told_at_ns;
  uint64_t occurrences;  // may still rise
  RaceMemory memory;
  uint8_t reserved[3];
  uint32_t owner;   // serial of the thread that allocated it or whose stack it is; 0: not known
  uint64_t object;  // where the block begins, on the heap
  uint64_t object_size;
  uint32_t origin_frame_count;
  uint32_t reserved_too;
  Frame origin[kMaxRaceFrames];  // where it was allocated
  RaceSide sides[2];             // the earlier one first, where that is known
};

// What was not seen, and why: every cap and every blind spot is counted here.
enum class Unseen : uint32_t {
  kThreads = 0,       // no thread record could be had
  kHolds,             // a thread held more than its record can
  kResources,         // no resource record could be had
  kModules,           // module table full
  kFindings,          // finding table full
  kRecordGrowth,      // the file system would not give more
  kRawFutex,          // waits on raw futex words, whose holder cannot be known
  kForeignThreads,    // threads that were not started through the hooks
  kJudgePasses,       // passes of the judge that had to be given up
  kUnmatchedRelease,  // releases of something whose acquisition was not seen
  kOrders,            // lock orders beyond the record's room
  kOrderWitnesses,    // threads that went a known way and are not listed
  kThreadOrder,       // threads, creations or joins beyond the record's room
  kEvidence,          // first sightings whose stack was not kept
  kRaces,             // pairs of accesses beyond the record's room
  kCount = 16,
};

inline constexpr uint32_t kProcessEnded = 0x1;   // ran to a normal end
inline constexpr uint32_t kProcessForked = 0x2;  // its state was inherited by fork

struct Header {
  char magic[8];
  uint32_t version;
  uint32_t byte_order;
  uint64_t file_size;
  uint32_t header_size;
  uint32_t thread_size;
  uint32_t resource_size;
  uint32_t finding_size;
  uint32_t pid;
  uint32_t parent_pid;
  uint64_t attached_ns;
  uint64_t attached_realtime_ns;
  uint32_t flags;
  uint32_t machine;  // ELF e_machine

  // In use; each counts up only. The ranges below them are reserved.
  uint32_t module_count;
  uint32_t finding_count;
  uint32_t thread_count;  // slots ever used
  uint32_t resource_count;
  uint32_t overflow_count;
  uint32_t last_serial;
  uint32_t judge_tid;
  uint32_t module_sequence;  // odd while the module table is rewritten
  uint32_t order_count;
  uint32_t witness_count;
  uint32_t link_count;
  uint32_t evidence_bytes;
  uint32_t race_count;
  uint32_t race_size;
  uint64_t unseen[static_cast<size_t>(Unseen::kCount)];

  char program[512];     // path of the executable
  char arguments[1024];  // the command line, separated by NUL
  uint32_t arguments_size;
};
static_assert(sizeof(Header) <= 4096);
static_assert(sizeof(ThreadRecord) == 4096);
static_assert(sizeof(ResourceRecord) == 88);

constexpr uint64_t align_page(uint64_t n) {
  return (n + 4095) & ~uint64_t{4095};
}

inline constexpr uint64_t kHeaderOffset = 0;
inline constexpr uint64_t kModuleOffset = 4096;
inline constexpr uint64_t kFindingOffset = kModuleOffset + align_page(sizeof(ModuleRecord) * kMaxModules);
inline constexpr uint64_t kBucketOffset = kFindingOffset + align_page(sizeof(FindingRecord) * kMaxFindings);
inline constexpr uint64_t kThreadOffset = kBucketOffset + align_page(sizeof(uint32_t) * kBuckets);
inline constexpr uint64_t kResourceOffset = kThreadOffset + sizeof(ThreadRecord) * kMaxThreads;
inline constexpr uint64_t kOverflowOffset =
    kResourceOffset + align_page(sizeof(ResourceRecord) * kMaxResources);
inline constexpr uint64_t kOrderOffset =
    kOverflowOffset + sizeof(Hold) * kOverflowBlockHolds * kMaxOverflowBlocks;
inline constexpr uint64_t kWitnessOffset = kOrderOffset + align_page(sizeof(OrderNode) * kMaxOrderNodes);
inline constexpr uint64_t kOriginOffset = kWitnessOffset + sizeof(OrderWitness) * kMaxOrderWitnesses;
inline constexpr uint64_t kLinkOffset = kOriginOffset + sizeof(ThreadOrigin) * kMaxThreadOrigins;
inline constexpr uint64_t kEvidenceOffset = kLinkOffset + sizeof(ThreadLink) * kMaxThreadLinks;
inline constexpr uint64_t kRaceOffset = kEvidenceOffset + kMaxEvidenceBytes;
inline constexpr uint64_t kEndOffset = kRaceOffset + align_page(sizeof(RaceRecord) * kMaxRaces);

}  // namespace gordian::record
