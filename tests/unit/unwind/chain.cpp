#include "tests/unit/unwind/chain.h"

#include <alloca.h>

namespace chain {
namespace {

volatile int sink;

// Keeps a call from becoming a jump: something is left to do after it.
void afterwards() {
  sink = sink + 1;
}

[[gnu::noinline]] void fixed_frame(int depth, const Bottom& bottom);
[[gnu::noinline]] void variable_frame(int depth, const Bottom& bottom);
[[gnu::noinline]] void aligned_frame(int depth, const Bottom& bottom);
[[gnu::noinline]] void many_arguments(int depth, const Bottom& bottom, long, long, long, long, long, long,
                                      long);
[[gnu::noinline]] void early_return(int depth, const Bottom& bottom);

void next(int depth, const Bottom& bottom) {
  switch (depth % 5) {
    case 0:
      fixed_frame(depth, bottom);
      break;
    case 1:
      variable_frame(depth, bottom);
      break;
    case 2:
      aligned_frame(depth, bottom);
      break;
    case 3:
      many_arguments(depth, bottom, 1, 2, 3, 4, 5, 6, 7);
      break;
    default:
      early_return(depth, bottom);
      break;
  }
  afterwards();
}

void fixed_frame(int depth, const Bottom& bottom) {
  if (depth <= 0) {
    bottom();
  } else {
    next(depth - 1, bottom);
  }
  afterwards();
}

// The stack pointer moves by an amount that no table knows.
void variable_frame(int depth, const Bottom& bottom) {
  auto* memory = static_cast<volatile char*>(alloca(static_cast<size_t>(depth) * 24 + 40));
  memory[0] = 1;
  next(depth - 1, bottom);
  memory[1] = 2;
}

// The stack pointer is rounded down, and the caller's is saved beside the frame.
void aligned_frame(int depth, const Bottom& bottom) {
  alignas(128) volatile char memory[256];
  memory[0] = 1;
  next(depth - 1, bottom);
  sink = sink + memory[0];
}

// Arguments on the stack, and all preserved registers in use across the call.
void many_arguments(int depth, const Bottom& bottom, long a, long b, long c, long d, long e, long f, long g) {
  const long sums[] = {a * sink, b * sink, c * sink, d * sink, e * sink, f * sink, g * sink};
  next(depth - 1, bottom);
  for (long sum : sums) sink = static_cast<int>(sink + sum + a + b);
}

// An epilogue in the middle: the rows after it come back by remember_state.
void early_return(int depth, const Bottom& bottom) {
  if (sink == -1) {
    afterwards();
    return;
  }
  next(depth - 1, bottom);
  if (sink == -2) return;
  afterwards();
}

}  // namespace

void CHAIN(int depth, const Bottom& bottom) {
  next(depth, bottom);
  afterwards();
}

}  // namespace chain
