// The locks and threads of C11.
// FLAGS: -std=c11
#include <threads.h>

static mtx_t sounds, voices;

static int play(void* unused) {
  (void)unused;
  mtx_lock(&sounds);
  mtx_lock(&voices);  // EXPECT: lock-order-inversion
  mtx_unlock(&voices);
  mtx_unlock(&sounds);
  return 0;
}

static int mute(void* unused) {
  (void)unused;
  mtx_lock(&voices);
  mtx_lock(&sounds);  // EXPECT: lock-order-inversion
  mtx_unlock(&sounds);
  mtx_unlock(&voices);
  return 0;
}

int main(void) {
  mtx_init(&sounds, mtx_plain);
  mtx_init(&voices, mtx_plain);
  thrd_t one, two;
  thrd_create(&one, play, 0);
  thrd_create(&two, mute, 0);
  thrd_join(one, 0);
  thrd_join(two, 0);
  return 0;
}
