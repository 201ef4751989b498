// A store of C, over two units.
#pragma once
#include <pthread.h>

struct store {
  pthread_mutex_t lock;
  int items;
};

extern struct store primary, replica;

void store_copy(struct store* from, struct store* to);
