// Waits under the log's lock.
#include "state.h"

void state_await_log(struct state* state) {
  pthread_mutex_lock(&state->log_lock);
  while (state->logged == 0) {
    pthread_cond_wait(&state->changed, &state->log_lock);  // EXPECT: condition-mutex-mismatch
  }
  state->logged = 0;
  pthread_mutex_unlock(&state->log_lock);
}
