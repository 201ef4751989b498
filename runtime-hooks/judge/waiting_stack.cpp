#include "runtime-hooks/judge/waiting_stack.h"

#include "runtime-hooks/judge/kernel_wait.h"
#include "runtime-hooks/unwind.h"

namespace gordian::hooks {

namespace {

constinit ForeignStack foreign_stack{0, false, {}};  // one page of somebody's stack; under the judge's lock

}  // namespace

void capture_stack(ThreadRecord& thread, uint64_t attempts) {
  if (thread.frames_attempt == attempts && thread.frame_count > 0) return;
  Registers registers{};
  if (thread.wait_attempt == attempts && thread.registers[0 + Registers::kPacked - 1] != 0) {
    registers.unpack(thread.registers);
  } else {
    // It blocked where the lock had looked free, so nothing was captured. Inside libc's wait these two are
    // enough to begin with.
    const KernelWait kernel = kernel_wait(thread.tid);
    if (!kernel.in_futex) return;
    registers.value[Registers::kStackPointer] = kernel.stack_pointer;
    registers.value[Registers::kProgramCounter] = kernel.program_counter;
  }
  foreign_stack.valid = false;
  const uint32_t wanted =
      runtime.options().stack_depth < record::kMaxFrames ? runtime.options().stack_depth : record::kMaxFrames;
  const UnwindResult result =
      unwind(registers, &ForeignStack::read, &foreign_stack, thread.frames, wanted < 4 ? 4 : wanted);
  if (__atomic_load_n(&thread.progress, __ATOMIC_ACQUIRE) >> 16 != attempts) return;
  thread.frame_count = result.count;
  thread.frames_truncated = result.truncated ? 1 : 0;
  __atomic_store_n(&thread.frames_attempt, attempts, __ATOMIC_RELEASE);
}

}  // namespace gordian::hooks
