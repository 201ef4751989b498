// A state over two units.
#pragma once
#include <pthread.h>

struct state {
  pthread_mutex_t lock;
  pthread_mutex_t log_lock;
  pthread_cond_t changed;
  int value;
  int logged;
};

void state_await(struct state* state);
void state_await_log(struct state* state);
