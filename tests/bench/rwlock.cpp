// pthread_rwlock: pairs of lock and unlock for reading and for writing, and two readers at once.
#include "worker.h"

namespace {

constexpr int kSlices = 12;
constexpr long kCount = 60'000;

pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;

void reads(long count) {
  for (long i = 0; i < count; ++i) {
    pthread_rwlock_rdlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
  }
}

void writes(long count) {
  for (long i = 0; i < count; ++i) {
    pthread_rwlock_wrlock(&rwlock);
    pthread_rwlock_unlock(&rwlock);
  }
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_case(
      argc, argv,
      {{"read", [] { bench::become_threaded(), bench::measure(kSlices, kCount, reads); }},
       {"write", [] { bench::become_threaded(), bench::measure(kSlices, kCount, writes); }},
       {"two-readers", [] { bench::measure_threads(2, 5, 40'000, [](int, long n) { reads(n); }); }}});
}
