// Waits under the state's lock.
#include "state.h"

void state_await(struct state* state) {
  pthread_mutex_lock(&state->lock);
  while (state->value == 0)
    pthread_cond_wait(&state->changed, &state->lock);  // EXPECT: condition-mutex-mismatch
  state->value = 0;
  pthread_mutex_unlock(&state->lock);
}
