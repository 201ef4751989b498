// pthread_cond: two threads that hand a turn to each other, and signals that nobody waits for.
#include "worker.h"

namespace {

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
int turn = 0;

void take_turns(int self, long count) {
  for (long i = 0; i < count; ++i) {
    pthread_mutex_lock(&mutex);
    while (turn != self) pthread_cond_wait(&changed, &mutex);
    turn = 1 - self;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
  }
}

void ping_pong() {
  bench::measure_threads(2, 5, 1000, take_turns);
}

void signal() {
  bench::become_threaded();
  bench::measure(12, 100'000, [](long count) {
    for (long i = 0; i < count; ++i) pthread_cond_signal(&changed);
  });
}

}  // namespace

int main(int argc, char** argv) {
  return bench::run_case(argc, argv, {{"ping-pong", ping_pong}, {"signal", signal}});
}
