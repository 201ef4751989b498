// What `gordian watch` shows of a process at one moment, and of the time since the screen before; as plain
// data.
//
// Promises: values only. Names are those of the watched program, as they are. Durations are in milliseconds;
// one that is not known is absent.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::finding {

// A thread, what it waits for and who has that, in words.
struct WatchedWait {
  std::string thread;   // quoted: `"worker-1"`
  uint32_t others = 0;  // that wait for the same
  std::string lock;     // `accounts[1].lock`, `the mutex first taken at ...`, `the end of "worker-1"`
  std::optional<uint64_t> since_ms;
  bool timed = false;  // ends by itself
  bool is_join = false;
  std::string held_by;  // empty: nobody in particular
  uint32_t other_holders = 0;
};

struct WatchedChain {
  std::vector<WatchedWait> waits;  // each by the holder of the one before
  std::string end;                 // of the last holder: "runs", "has ended", "waits as told above"
  bool is_circle = false;
};

struct WatchedLock {
  std::string name;
  std::string kind;
  uint64_t waits = 0;    // seen to begin in the period
  uint32_t waiting = 0;  // now
  uint64_t waited_ms = 0;
  std::optional<uint64_t> longest_ms;  // of those that wait now
  double held = 0;                     // share of the time, 0 to 1
  std::string holder;                  // now; empty: nobody seen
};

// A condition, barrier, semaphore or the like: nobody holds it, somebody signals it.
struct WatchedEvent {
  std::string name;
  std::string kind;
  uint32_t waiting = 0;
  std::optional<uint64_t> longest_ms;
  uint64_t signals = 0;  // in the period: signals, broadcasts, posts; arrivals at a barrier
};

struct WatchedFinding {
  RuleId rule = RuleId::kDeadlock;
  Grade grade = Grade::kPossible;
  std::string summary;
};

struct WatchView {
  Program program;
  uint32_t running = 0;
  uint32_t waiting = 0;
  uint32_t ended = 0;
  uint64_t period_ms = 0;
  uint32_t samples = 0;
  uint64_t requests = 0;      // how often the threads asked for a lock or the like
  uint64_t waits_missed = 0;  // at least so many waits came and went between two samples
  std::vector<WatchedFinding> findings;
  std::vector<WatchedChain> chains;
  std::vector<WatchedWait> longest;
  std::vector<WatchedLock> locks;
  std::vector<WatchedEvent> events;
};

}  // namespace gordian::finding
