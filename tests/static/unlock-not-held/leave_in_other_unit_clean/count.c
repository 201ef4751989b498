// This unit enters and leaves on each path.
#include "gate.h"

static int count;

int gate_count(int limit) {
  gate_enter();
  if (count == limit) {
    gate_leave();
    return limit;
  }
  int result = ++count;
  gate_leave();
  return result;
}
