// Resident memory: `memory locks N` takes N mutexes once each, `memory threads N` keeps N threads that each
// took one, `memory orders N` takes N mutexes, and ten others within each, twice. Prints the figures of
// /proc/self/status in KiB, then waits for the end of its input, so that the flight record can be looked at
// meanwhile.
#include <unistd.h>

#include <chrono>
#include <cmath>
#include <memory>

#include "worker.h"

using bench::check;

namespace {

constexpr size_t kStack = 64 * 1024;
pthread_mutex_t shared = PTHREAD_MUTEX_INITIALIZER;
std::unique_ptr<pthread_mutex_t[]> locks;
int up = 0;

void take(pthread_mutex_t* mutex) {
  check(pthread_mutex_lock(mutex));
  check(pthread_mutex_unlock(mutex));
}

void take_locks(size_t count) {
  locks = std::make_unique<pthread_mutex_t[]>(count + 1);
  for (size_t i = 0; i < count; ++i) take(&locks[i]);
}

// Always in the order of their places, so that no two orders conflict.
void take_others_within(size_t outer, size_t count) {
  constexpr size_t kInner = 10;
  constexpr size_t kStride = 7919;
  check(pthread_mutex_lock(&locks[outer]));
  for (size_t i = 1; i <= kInner; ++i) take(&locks[outer + 1 + (i * kStride + outer) % (count - outer)]);
  check(pthread_mutex_unlock(&locks[outer]));
}

void take_orders(size_t count) {
  constexpr int kRounds = 2;
  locks = std::make_unique<pthread_mutex_t[]>(count + 1);
  for (int round = 0; round < kRounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    for (size_t outer = 0; outer < count; ++outer) take_others_within(outer, count);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    std::printf("Round%d: %ld\n", round, std::lround(took.count()));
  }
}

void* stay(void*) {
  take(&shared);
  __atomic_add_fetch(&up, 1, __ATOMIC_ACQ_REL);
  char end;
  if (read(STDIN_FILENO, &end, 1) < 0) std::_Exit(98);
  return nullptr;
}

void start_threads(int count) {
  pthread_attr_t attributes;
  check(pthread_attr_init(&attributes));
  check(pthread_attr_setstacksize(&attributes, kStack));
  for (int i = 0; i < count; ++i) {
    pthread_t thread;
    check(pthread_create(&thread, &attributes, stay, nullptr));
  }
  while (__atomic_load_n(&up, __ATOMIC_ACQUIRE) < count) sched_yield();
}

void print_status() {
  std::FILE* status = std::fopen("/proc/self/status", "r");
  char line[256];
  while (status != nullptr && std::fgets(line, sizeof(line), status) != nullptr)
    if (std::strncmp(line, "VmRSS", 5) == 0 || std::strncmp(line, "Rss", 3) == 0) std::fputs(line, stdout);
  std::puts("done");
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const int count = std::atoi(argv[2]);
  bench::become_threaded();
  if (std::strcmp(argv[1], "locks") == 0)
    take_locks(static_cast<size_t>(count));
  else if (std::strcmp(argv[1], "orders") == 0)
    take_orders(static_cast<size_t>(count));
  else
    start_threads(count);
  print_status();
  char end;
  if (read(STDIN_FILENO, &end, 1) < 0) return 1;
  std::_Exit(0);
}
