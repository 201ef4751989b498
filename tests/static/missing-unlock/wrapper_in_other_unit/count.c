// Here somebody enters and does not always leave.
#include "gate.h"

static int count;

int gate_count(int limit) {
  gate_enter();
  if (count == limit) return limit;  // EXPECT: missing-unlock
  int result = ++count;
  gate_leave();
  return result;
}
