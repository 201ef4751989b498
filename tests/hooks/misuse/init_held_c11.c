// EXPECT: rule=init-while-held grade=proven threads=1 kinds=mutex names=mtx
#include <threads.h>

#include "support.h"

static mtx_t mtx;

int main(void) {
  CHECK_THAT(mtx_init(&mtx, mtx_plain) == thrd_success);
  CHECK_THAT(mtx_lock(&mtx) == thrd_success);
  CHECK_THAT(mtx_init(&mtx, mtx_plain) == thrd_success);
  puts("initialised again");
  return 0;
}
