// pthread_spin: the cheapest lock there is, so the dearest ratio.
#include "worker.h"

namespace {

pthread_spinlock_t spin;

void pair() {
  bench::become_threaded();
  pthread_spin_init(&spin, PTHREAD_PROCESS_PRIVATE);
  bench::measure(12, 100'000, [](long count) {
    for (long i = 0; i < count; ++i) {
      pthread_spin_lock(&spin);
      pthread_spin_unlock(&spin);
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_case(argc, argv, {{"pair", pair}});
}
