// The copy takes the locks of what it is given, the source first.
#include "store.h"

struct store primary = {PTHREAD_MUTEX_INITIALIZER, 0};
struct store replica = {PTHREAD_MUTEX_INITIALIZER, 0};

void store_copy(struct store* from, struct store* to) {
  pthread_mutex_lock(&from->lock);
  pthread_mutex_lock(&to->lock);  // EXPECT: lock-order-inversion
  to->items = from->items;
  pthread_mutex_unlock(&to->lock);
  pthread_mutex_unlock(&from->lock);
}
