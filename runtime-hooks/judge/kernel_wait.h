// What the kernel says of a thread of this process: /proc/self/task/TID.
#pragma once

#include <cstdint>

namespace gordian::hooks {

struct KernelWait {
  bool known = false;     // /proc could be read
  bool exists = false;    // there is such a thread
  bool in_futex = false;  // it sleeps in a futex call
  uint64_t futex_word = 0;
  uint64_t stack_pointer = 0;
  uint64_t program_counter = 0;
};

KernelWait kernel_wait(uint32_t tid);

// Threads of this process as the kernel counts them; 0 when it does not say.
uint32_t kernel_thread_count();

// Handlers that a signal could run and that could wake a thread: all but those for faults of the running
// thread itself.
uint32_t signal_handler_count();

// What the scheduler goes by, by the number that sched_setscheduler takes; `rank` is what counts right now,
// with what was lent: 0 for ordinary threads, the priority for real-time ones, 100 for deadlines.
struct Scheduling {
  bool known = false;
  uint8_t policy = 0;
  uint8_t priority = 0;
  uint8_t rank = 0;
};
Scheduling scheduling_of(uint32_t tid);

void read_thread_name(uint32_t tid, char (&name)[16]);

}  // namespace gordian::hooks
