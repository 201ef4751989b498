// The one object of the runtime: where the flight record is, which threads are attached, what was asked for.
//
// Promises: constant-initialised, so that a hook may run before any constructor and after every destructor.
// Nothing here throws, exits, prints on stdout or touches errno. What cannot be recorded is counted in the
// record's `unseen` and passed through.
//
// Threads: `current()` is for the calling thread. Fields of a ThreadRecord are written by its own thread, but
// for `frames` (the judge, while the thread is blocked) and `state` after its end. Slots, files and tables
// change inside a CriticalSection.
#pragma once

#include <atomic>
#include <cstdint>

#include "analyzer/record/flight_record.h"
#include "runtime-hooks/kernel.h"

namespace gordian::hooks {

using record::Hold;
using record::HoldStatus;
using record::ResourceKind;
using record::ThreadRecord;
using record::Unseen;

enum class OnDeadlock : uint8_t { kReport, kAbort, kKill, kStop };

struct Options {
  char directory[256] = {};
  OnDeadlock on_deadlock = OnDeadlock::kReport;
  uint32_t stack_depth = 32;
  bool own_directory = false;  // nobody asked for a directory
  bool launched = false;       // under `gordian run`, which prints and acts for us
  bool follow = true;          // children are preloaded too
  bool quiet = false;
  bool steered = false;                      // there is a plan in the directory (steer.h)
  char trace_path[832] = {};                 // empty: no trace (trace.h)
  uint64_t trace_limit = uint64_t{1} << 30;  // bytes of its file
  uint32_t race_overhead = 5;  // percent of the time; 0: races are not looked for (race-sampler)
  bool race_numbers = false;   // say at the end what the search did
  bool race_sites = false;     // there is a list of sites in the directory
};

// A resource that a thread has met: address << 16 | kind << 8, mixed with the thread's base.
struct SeenResource {
  uint64_t tag;
  uint32_t index;  // of its ResourceRecord, UINT32_MAX when it has none
};

// What a thread remembers besides, when it meets more than fits. The tables use their first parts until that
// does not do either: a place that was computed for another size is a miss, and no more.
struct SeenMore {
  static constexpr uint32_t kFirstResourceBits = 12;
  static constexpr uint32_t kMostResourceBits = 14;
  static constexpr uint32_t kFirstOrderBits = 14;
  static constexpr uint32_t kMostOrderBits = 18;
  static constexpr uint32_t kManyMisses = 16384;
  uint32_t misses;
  uint32_t resource_bits;
  uint32_t order_bits;
  SeenResource resources[1u << kMostResourceBits];
  alignas(64) uint32_t orders[1u << kMostOrderBits];  // of a key the half that its place does not tell

  SeenResource& resource(uint32_t place) { return resources[place & ((1u << resource_bits) - 1)]; }

  // What is asked for under one lock lies side by side, as far as it has room there: one line of the cache
  // serves them all. `outer` is the word of that lock's entry.
  bool has_order(uint64_t outer, uint64_t key) const {
    const uint32_t half = half_of(key);
    if (orders[near(outer, key)] == half) return true;
    const uint64_t place = far(key);
    return orders[place] == half || orders[place ^ 1] == half;
  }
  void keep_order(uint64_t outer, uint64_t key) {
    const uint64_t place = far(key);
    const uint64_t first = near(outer, key);
    const uint64_t free = orders[first] == 0       ? first
                          : orders[place] == 0     ? place
                          : orders[place ^ 1] == 0 ? place ^ 1
                                                   : first;
    orders[free] = half_of(key);
  }
  static uint32_t half_of(uint64_t key) { return static_cast<uint32_t>(key) | 1; }  // 0 is an empty place
  uint64_t far(uint64_t key) const { return key >> (64 - order_bits); }
  uint64_t near(uint64_t outer, uint64_t key) const {
    return ((outer & ~record::kStatusMask) * 0x9E3779B97F4A7C15u >> (68 - order_bits)) << 4 | key >> 60;
  }
  void missed() {
    if (++misses != kManyMisses) return;
    resource_bits = kMostResourceBits;
    order_bits = kMostOrderBits;
  }
};

// One lock asked for while one other was held: their words and call sites.
struct SeenPair {
  uint64_t below;  // mixed with what keys begin with
  uint64_t below_site;
  uint64_t word;
  uint64_t site;
};

// What a thread needs that nobody else reads; indexed by slot like the records.
struct alignas(4096) PrivateThread {
  void* (*start_routine)(void*);
  int (*start_c11)(void*);
  bool signals_blocked;  // by its creator, until it has begun
  uint64_t start_signals;
  void* start_argument;
  uint32_t holes;  // entries released from the middle and not yet trimmed

  static constexpr uint32_t kBarriers = 4;
  uint32_t barriers[kBarriers];  // index + 1 of those that this thread was counted at

  static constexpr uint32_t kMostSyncSegments = 256;
  uint32_t segment;
  uint32_t noted_segment;  // + 1: the last in which its origin was noted (order.h)
  uint32_t sync_segments;  // those that neither a creation nor a join began
  uint64_t told_under;     // the mutex in its hands when it last signalled a condition (order.h)
  uint64_t told_attempts;  // and the attempts that it had made then
  uint32_t told_last;      // its routine has returned and had asked for nothing since
  uint64_t order_seed;     // of thread and segment: what all that it remembers is mixed with

  // Not cleared for a new thread, whose seed is another. With what is above, one page.
  uint32_t misses;  // how often what it remembers had no room for what it met
  SeenMore* more;
  static constexpr uint32_t kSeen = 64;
  SeenResource resources_seen[kSeen];

  // The order of locks (order.h).
  static constexpr uint32_t kOrderBits = 6;
  static constexpr uint32_t kMostKeys = 512;
  static constexpr uint32_t kPairs = 64;
  SeenPair pairs_seen[kPairs];
  uint64_t order_seen[1u << kOrderBits];  // keys of attempts that teach nothing any more

  alignas(4096) uint64_t order_keys[kMostKeys];  // of the entries; 0: to be reckoned anew
};

// Blocks every signal and takes the runtime's lock: a handler that locks something cannot find it half done.
class CriticalSection {
 public:
  CriticalSection();
  ~CriticalSection();
  CriticalSection(const CriticalSection&) = delete;

 private:
  uint64_t signals_;
};

class Runtime {
 public:
  bool ready() const { return base_ != nullptr; }
  record::Header& header() const { return *reinterpret_cast<record::Header*>(base_); }
  bool is_forked() const { return (header().flags & record::kProcessForked) != 0; }
  ThreadRecord& thread(uint32_t slot) const {
    return reinterpret_cast<ThreadRecord*>(base_ + record::kThreadOffset)[slot];
  }
  record::ResourceRecord& resource(uint32_t index) const {
    return reinterpret_cast<record::ResourceRecord*>(base_ + record::kResourceOffset)[index];
  }
  uint32_t* buckets() const { return reinterpret_cast<uint32_t*>(base_ + record::kBucketOffset); }
  record::ModuleRecord* modules() const {
    return reinterpret_cast<record::ModuleRecord*>(base_ + record::kModuleOffset);
  }
  record::FindingRecord& finding(uint32_t index) const {
    return reinterpret_cast<record::FindingRecord*>(base_ + record::kFindingOffset)[index];
  }
  uint32_t resource_index(const record::ResourceRecord* resource) const {
    return static_cast<uint32_t>(resource - &this->resource(0));
  }
  record::OrderNode& order_node(uint32_t index) const {
    return reinterpret_cast<record::OrderNode*>(base_ + record::kOrderOffset)[index];
  }
  record::OrderWitness& order_witness(uint32_t index) const {
    return reinterpret_cast<record::OrderWitness*>(base_ + record::kWitnessOffset)[index];
  }
  record::ThreadOrigin& thread_origin(uint32_t index) const {
    return reinterpret_cast<record::ThreadOrigin*>(base_ + record::kOriginOffset)[index];
  }
  record::ThreadLink& thread_link(uint32_t index) const {
    return reinterpret_cast<record::ThreadLink*>(base_ + record::kLinkOffset)[index];
  }
  record::RaceRecord& race(uint32_t index) const {
    return reinterpret_cast<record::RaceRecord*>(base_ + record::kRaceOffset)[index];
  }
  unsigned char* evidence_area() const { return base_ + record::kEvidenceOffset; }
  Hold* overflow_block(uint32_t index) const {
    return reinterpret_cast<Hold*>(base_ + record::kOverflowOffset) +
           uint64_t{index} * record::kOverflowBlockHolds;
  }
  uint32_t slot_of(const ThreadRecord* thread) const {
    return static_cast<uint32_t>(thread - reinterpret_cast<ThreadRecord*>(base_ + record::kThreadOffset));
  }
  PrivateThread& private_of(uint32_t slot) const { return private_[slot]; }
  uint32_t thread_slots() const { return __atomic_load_n(&header().thread_count, __ATOMIC_ACQUIRE); }

  Options& options() { return options_; }
  const char* record_path() const { return path_; }
  void count(Unseen what, uint64_t n = 1) const {
    if (ready()) __atomic_fetch_add(&header().unseen[static_cast<uint32_t>(what)], n, __ATOMIC_RELAXED);
  }

  // Reserves file space up to `end` (an offset within one area); false when the file system has no more. In a
  // CriticalSection.
  bool reserve(uint64_t begin, uint64_t end);

  // Called once per process, by whoever comes first.
  void initialise();

  // The calling thread's record, made now; null when none can be had.
  ThreadRecord* attach();

  // A slot for a thread that is about to be created; null when none can be had. Undone by `release_slot`.
  ThreadRecord* claim_slot(record::ThreadState state);
  void release_slot(ThreadRecord* thread);
  void abandon_slot(ThreadRecord* thread);  // its thread was never made

  // In a thread that was created through our hook, before its start routine.
  void adopt(ThreadRecord* thread);
  void thread_ends(ThreadRecord* thread);
  // The process is about to become another user's, who may not write where the record goes: made now.
  void before_other_user();
  void process_ends();
  bool tells_of_orders();

  void after_fork_in_child();

  // A filter of system calls is about to be installed: whatever needs one stops now, for good, and the
  // calling thread is not followed any further.
  void retreat();
  bool has_retreated() const { return disabled_; }

  // How the thread in that slot is found: by what joins and locks know it by. 0: not any more.
  void index_handle(uint32_t slot, uint64_t pthread_handle) const {
    __atomic_store_n(&handles_[slot], pthread_handle, __ATOMIC_RELEASE);
  }
  // From the creator, who may come late: what the thread itself has said stays.
  void index_new_handle(uint32_t slot, uint64_t pthread_handle) const {
    uint64_t none = 0;
    __atomic_compare_exchange_n(&handles_[slot], &none, pthread_handle, false, __ATOMIC_RELEASE,
                                __ATOMIC_RELAXED);
  }
  void index_tid(uint32_t slot, uint32_t tid) const { __atomic_store_n(&tids_[slot], tid, __ATOMIC_RELEASE); }
  ThreadRecord* find_by_handle(uint64_t pthread_handle) const;
  ThreadRecord* find_by_tid(uint32_t tid) const;

  // Those that live or are about to: a thread counts from the moment its creator has claimed its slot.
  std::atomic<uint32_t> live_threads{0};

 private:
  bool create_record();
  bool map_new_file(bool replace_mapping);
  void fill_identity(ThreadRecord* thread);
  void complain(const char* what, const char* path, long error);

  unsigned char* base_ = nullptr;
  PrivateThread* private_ = nullptr;
  Options options_;
  char path_[320] = {};
  long pid_ = 0;  // as of the last fork that went through a hook
  bool initialised_ = false;
  bool disabled_ = false;
  bool complained_ = false;
  uint32_t free_slots_ = 0;  // number of entries on the free list
  uint16_t* free_list_ = nullptr;
  // By slot, side by side: looking through ten thousand records would touch as many pages.
  uint64_t* handles_ = nullptr;
  uint32_t* tids_ = nullptr;
  uint64_t reserved_threads_ = 0;  // bytes of the thread area that are reserved
  friend class CriticalSection;
};

[[gnu::visibility("hidden")]] extern constinit Runtime runtime;

// What is this thread's own: its record, its private part, and whether it must be left alone.
struct ThreadLocal {
  ThreadRecord* record;
  PrivateThread* own;
  bool attaching;
  bool finished;  // past its end, or without a record, or the judge: hooks pass through
  bool inside;  // in a real call that waits by a hooked function of its own: the outer record is the one that
                // tells
};
[[gnu::visibility("hidden")]] extern constinit thread_local ThreadLocal local
    __attribute__((tls_model("initial-exec")));

// The calling thread's record, or null: then the hook passes through.
[[gnu::always_inline]] inline ThreadRecord* current() {
  ThreadRecord* record = local.record;
  if (record != nullptr) [[likely]]
    return record;
  return runtime.attach();
}

uint64_t now_ns();
uint64_t coarse_now_ns();

}  // namespace gordian::hooks
