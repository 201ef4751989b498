// What the benchmark workers share: slices, threads that start together, checked calls.
//
// A worker does a fixed amount of work in slices and prints the nanoseconds per operation of each, one line.
// The driver runs it bare and preloaded in turn and compares; a worker never compares anything.
//
// Slices of one thread are measured in that thread's processor time, so that a busy machine is not charged to
// the program. Slices of several threads are measured by the clock on the wall: waiting is part of what they
// measure.
#pragma once

#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <vector>

namespace bench {

inline uint64_t now(clockid_t clock) {
  timespec t;
  clock_gettime(clock, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(t.tv_nsec);
}

inline void check(int error) {
  if (error == 0) return;
  std::fprintf(stderr, "benchmark worker: %s\n", std::strerror(error));
  std::_Exit(99);
}

inline void print_slice(uint64_t ns, long operations) {
  std::printf("%.4f ", static_cast<double>(ns) / static_cast<double>(operations));
}

// Once a process has had a second thread, glibc's locks use atomic instructions; before that they do not.
inline void become_threaded() {
  pthread_t thread;
  check(pthread_create(
      &thread, nullptr, [](void*) -> void* { return nullptr; }, nullptr));
  check(pthread_join(thread, nullptr));
}

// Runs `body(count)` once to warm up and then once for each slice.
template <typename Body>
void measure(int slices, long count, Body body) {
  body(count);
  for (int i = 0; i < slices; ++i) {
    const uint64_t begun = now(CLOCK_THREAD_CPUTIME_ID);
    body(count);
    print_slice(now(CLOCK_THREAD_CPUTIME_ID) - begun, count);
  }
  std::printf("\n");
}

// All that come wait for each other; any number of rounds.
class Gate {
 public:
  explicit Gate(int count) : count_(count) {}
  void meet() {
    const int round = __atomic_load_n(&round_, __ATOMIC_ACQUIRE);
    if (__atomic_add_fetch(&here_, 1, __ATOMIC_ACQ_REL) == count_) {
      here_ = 0;
      __atomic_store_n(&round_, round + 1, __ATOMIC_RELEASE);
    } else {
      while (__atomic_load_n(&round_, __ATOMIC_ACQUIRE) == round) sched_yield();
    }
  }

 private:
  const int count_;
  int here_ = 0;
  int round_ = 0;
};

// `body(thread, count)` in several threads at once, slice after slice: from the first thread's start to the
// last one's end. An operation is one of any thread.
inline void measure_threads(int threads, int slices, long count, const std::function<void(int, long)>& body) {
  struct Span {
    uint64_t begun, ended;
  };
  struct Start {
    Gate* gate;
    const std::function<void(int, long)>* body;
    int index;
    long count;
    std::vector<Span> spans;
  };
  Gate gate(threads);
  std::vector<Start> starts;
  std::vector<pthread_t> handles(static_cast<size_t>(threads));
  for (int i = 0; i < threads; ++i)
    starts.push_back({&gate, &body, i, count, std::vector<Span>(static_cast<size_t>(slices) + 1)});
  auto run = [](void* argument) -> void* {
    auto& start = *static_cast<Start*>(argument);
    for (Span& span : start.spans) {
      start.gate->meet();
      span.begun = now(CLOCK_MONOTONIC);
      (*start.body)(start.index, start.count);
      span.ended = now(CLOCK_MONOTONIC);
    }
    return nullptr;
  };
  for (size_t i = 0; i < handles.size(); ++i) check(pthread_create(&handles[i], nullptr, run, &starts[i]));
  for (pthread_t handle : handles) check(pthread_join(handle, nullptr));
  for (size_t slice = 1; slice <= static_cast<size_t>(slices); ++slice) {
    Span all{UINT64_MAX, 0};
    for (const Start& start : starts) {
      all.begun = std::min(all.begun, start.spans[slice].begun);
      all.ended = std::max(all.ended, start.spans[slice].ended);
    }
    print_slice(all.ended - all.begun, count * threads);
  }
  std::printf("\n");
}

// A worker's table of cases: `worker CASE`, or no argument to list them.
struct Case {
  const char* name;
  void (*run)();
};

inline int run_case(int argc, char** argv, std::initializer_list<Case> cases) {
  for (const Case& each : cases) {
    if (argc < 2) {
      std::printf("%s\n", each.name);
    } else if (std::strcmp(argv[1], each.name) == 0) {
      each.run();
      return 0;
    }
  }
  if (argc < 2) return 0;
  std::fprintf(stderr, "no such case: %s\n", argv[1]);
  return 2;
}

}  // namespace bench
