// Two threads take two mutexes in opposite order; with the argument `heap`, mutexes that were allocated.
#include "family.h"

struct Account {
  long balance;
  pthread_mutex_t lock;
};

struct Order {
  pthread_mutex_t* first;
  pthread_mutex_t* second;
};

static pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
static pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
static int both_hold_one;

static void* left_then_right(void* argument) {
  const struct Order* order = argument;
  CHECK(pthread_mutex_lock(order->first));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(order->second));
  return NULL;
}

static void* right_then_left(void* argument) {
  const struct Order* order = argument;
  CHECK(pthread_mutex_lock(order->second));
  meet(&both_hold_one, 2);
  CHECK(pthread_mutex_lock(order->first));
  return NULL;
}

static pthread_mutex_t* allocated(void) {
  struct Account* account = calloc(1, sizeof *account);
  CHECK_THAT(account != NULL);
  CHECK(pthread_mutex_init(&account->lock, NULL));
  return &account->lock;
}

int main(int count, char** values) {
  take_arguments(count, values);
  struct Order order = {&left, &right};
  if (variant("heap")) {
    order.first = allocated();
    order.second = allocated();
  }
  const pthread_t one = start(left_then_right, &order);
  const pthread_t other = start(right_then_left, &order);
  join(one);
  join(other);
  return 0;
}
