// The registers of threads that have to be stopped for it.
//
// Promises: each thread is stopped for itself, for as long as it takes to read its registers, and all of them
// together for no longer than the limit; then it is let go, as it also is when this process is killed. Only
// threads that run, or whose call the kernel takes up again as if nothing had been, are stopped: a wait for
// an event (epoll_wait, semop, sigtimedwait, ...) would end with EINTR, and is left alone. A thread that
// another debugger has is left to it. Source: ptrace(2), signal(7) "Interruption of system calls and library
// functions by stop signals".
#pragma once

#include <chrono>

#include "analyzer/capture/process/process_image.h"

namespace gordian::capture {

class BriefStop {
 public:
  explicit BriefStop(std::chrono::milliseconds limit) : left_(limit) {}

  // Fills `registers`; false when the thread may not be stopped, did not stop in time, or is not where it
  // was.
  bool read_registers(const ProcessImage& process, ThreadImage& thread);

 private:
  bool stop_and_read(ThreadImage& thread);

  std::chrono::nanoseconds left_;
};

// Whether the kernel restarts this call after a stop without the program's notice.
bool restarts_unseen(const SystemCall& call, uint32_t pid);

}  // namespace gordian::capture
