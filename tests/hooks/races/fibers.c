// RACE: shared, on_fiber
// Fibers are threads of their own; a switch is an order unless the program says that it is none.
#include <ucontext.h>

void* __tsan_get_current_fiber(void);
void* __tsan_create_fiber(unsigned);
void __tsan_destroy_fiber(void*);
void __tsan_switch_to_fiber(void*, unsigned);

int shared;
char stack[64 << 10] __attribute__((aligned(16)));
ucontext_t main_context, fiber_context;
void *main_fiber, *fiber;

static void on_fiber(void) {
  shared += 1;
  __tsan_switch_to_fiber(main_fiber, RACY);
  swapcontext(&fiber_context, &main_context);
  __builtin_unreachable();
}

int main(void) {
  main_fiber = __tsan_get_current_fiber();
  fiber = __tsan_create_fiber(0);
  getcontext(&fiber_context);
  fiber_context.uc_stack.ss_sp = stack;
  fiber_context.uc_stack.ss_size = sizeof stack;
  makecontext(&fiber_context, on_fiber, 0);
  __tsan_switch_to_fiber(fiber, 0);
  swapcontext(&main_context, &fiber_context);
  shared += 1;
  __tsan_destroy_fiber(fiber);
  return 0;
}
