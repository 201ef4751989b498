// EXPECT: rule=unlock-not-held grade=proven threads=1 kinds=mutex names=mtx
#include <threads.h>

#include "support.h"

static mtx_t mtx;

int main(void) {
  CHECK_THAT(mtx_init(&mtx, mtx_plain) == thrd_success);
  CHECK_THAT(mtx_lock(&mtx) == thrd_success);
  CHECK_THAT(mtx_unlock(&mtx) == thrd_success);
  mtx_unlock(&mtx);
  puts("unlocked twice");
  return 0;
}
