// What looking for races costs two threads that share a table under one lock, that have a lock each, or that
// share nothing: seconds of work, since a share of the time is only kept over some time.
#include <sys/sysinfo.h>

#include "worker.h"

namespace {

constexpr int kThreads = 2;
constexpr int kSlices = 8;

alignas(128) pthread_mutex_t locks[kThreads][8];
alignas(128) long tables[kThreads][64];

void spend(unsigned rounds) {
  for (unsigned i = 0; i < rounds; ++i) __asm__ volatile("" ::: "memory");
}

// Each on a processor of its own: which of them is slower at the time is no matter of ours.
void stay(int thread) {
  cpu_set_t processors;
  CPU_ZERO(&processors);
  CPU_SET(static_cast<unsigned>(thread % get_nprocs()), &processors);
  sched_setaffinity(0, sizeof processors, &processors);
}

[[gnu::noinline]] void change(int which, long i) {
  bench::check(pthread_mutex_lock(&locks[which][0]));
  tables[which][i % 64] += i;
  bench::check(pthread_mutex_unlock(&locks[which][0]));
}

[[gnu::noinline]] void change_own(int which, long i) {
  tables[which][i % 64] += i;
}

void one_lock() {
  bench::measure_threads(kThreads, kSlices, 800'000, [](int thread, long count) {
    stay(thread);
    for (long i = 0; i < count; ++i) {
      change(0, i);
      spend(600);
    }
  });
}

void lock_each() {
  bench::measure_threads(kThreads, kSlices, 6'000'000, [](int thread, long count) {
    stay(thread);
    for (long i = 0; i < count; ++i) {
      change(thread, i);
      spend(60);
    }
  });
}

void no_lock() {
  bench::measure_threads(kThreads, kSlices, 6'000'000, [](int thread, long count) {
    stay(thread);
    for (long i = 0; i < count; ++i) {
      change_own(thread, i);
      spend(100);
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_case(argc, argv,
                         {{"one-lock", one_lock}, {"lock-each", lock_each}, {"no-lock", no_lock}});
}
