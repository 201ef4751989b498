// pthread_mutex and std::mutex: pairs of lock and unlock, alone, nested, above many others, and fought over.
#include <mutex>

#include "worker.h"

using bench::check;

namespace {

constexpr int kSlices = 12;
constexpr long kCount = 100'000;

pthread_mutex_t outer = PTHREAD_MUTEX_INITIALIZER;
alignas(64) pthread_mutex_t inner = PTHREAD_MUTEX_INITIALIZER;
alignas(64) pthread_mutex_t many[64];

void pairs(long count) {
  for (long i = 0; i < count; ++i) {
    pthread_mutex_lock(&outer);
    pthread_mutex_unlock(&outer);
  }
}

void one_thread() {
  bench::measure(kSlices, kCount, pairs);
}

void pair() {
  bench::become_threaded();
  one_thread();
}

void nested() {
  bench::become_threaded();
  bench::measure(kSlices, kCount, [](long count) {
    for (long i = 0; i < count; i += 2) {
      pthread_mutex_lock(&outer);
      pthread_mutex_lock(&inner);
      pthread_mutex_unlock(&inner);
      pthread_mutex_unlock(&outer);
    }
  });
}

void crossed() {
  bench::become_threaded();
  bench::measure(kSlices, kCount, [](long count) {
    for (long i = 0; i < count; i += 2) {
      pthread_mutex_lock(&outer);
      pthread_mutex_lock(&inner);
      pthread_mutex_unlock(&outer);
      pthread_mutex_unlock(&inner);
    }
  });
}

void held_64() {
  bench::become_threaded();
  for (auto& mutex : many) {
    check(pthread_mutex_init(&mutex, nullptr));
    check(pthread_mutex_lock(&mutex));
  }
  one_thread();
  for (auto& mutex : many) check(pthread_mutex_unlock(&mutex));
}

void in_turn_64() {
  bench::become_threaded();
  for (auto& mutex : many) check(pthread_mutex_init(&mutex, nullptr));
  bench::measure(kSlices, 64 * 1500, [](long count) {
    for (long i = 0; i < count; ++i) {
      pthread_mutex_lock(&many[i % 64]);
      pthread_mutex_unlock(&many[i % 64]);
    }
  });
}

void recursive() {
  bench::become_threaded();
  pthread_mutexattr_t attributes;
  check(pthread_mutexattr_init(&attributes));
  check(pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_RECURSIVE));
  static pthread_mutex_t mutex;
  check(pthread_mutex_init(&mutex, &attributes));
  bench::measure(kSlices, kCount, [](long count) {
    for (long i = 0; i < count; i += 2) {
      pthread_mutex_lock(&mutex);
      pthread_mutex_lock(&mutex);
      pthread_mutex_unlock(&mutex);
      pthread_mutex_unlock(&mutex);
    }
  });
}

void trylock() {
  bench::become_threaded();
  bench::measure(kSlices, kCount, [](long count) {
    for (long i = 0; i < count; ++i) {
      check(pthread_mutex_trylock(&outer));
      pthread_mutex_unlock(&outer);
    }
  });
}

void standard() {
  bench::become_threaded();
  static std::mutex mutex;
  bench::measure(kSlices, kCount, [](long count) {
    for (long i = 0; i < count; ++i) std::lock_guard lock(mutex);
  });
}

void fought_over_by(int threads) {
  bench::measure_threads(threads, 5, 400'000 / threads, [](int, long count) { pairs(count); });
}

// Two threads that never meet in a lock: what they cost each other is false sharing.
void apart() {
  alignas(128) static pthread_mutex_t own[2][8];
  bench::measure_threads(2, 5, 400'000, [](int thread, long count) {
    pthread_mutex_t* mutex = &own[thread][0];
    for (long i = 0; i < count; ++i) {
      pthread_mutex_lock(mutex);
      pthread_mutex_unlock(mutex);
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_case(argc, argv,
                         {{"pair", pair},
                          {"pair-one-thread", one_thread},
                          {"nested", nested},
                          {"crossed", crossed},
                          {"in-turn-64", in_turn_64},
                          {"held-64", held_64},
                          {"recursive", recursive},
                          {"trylock", trylock},
                          {"std-mutex", standard},
                          {"two-apart", apart},
                          {"two-contending", [] { fought_over_by(2); }},
                          {"eight-contending", [] { fought_over_by(8); }}});
}
