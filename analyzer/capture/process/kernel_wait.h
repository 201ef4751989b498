// What a thread that sleeps in another system call waits for: the other end of a pipe or socket, a file lock,
// a child, a System V semaphore or queue; and which processes have what would end the wait.
//
// Promises: reads /proc and asks the kernel; changes nothing. Only what has known parties is told: a thread
// in any other call can be woken from outside and counts as one that acts. Not seen from outside, and so not
// counted: alarm(2) and setitimer(2) where SIGALRM has no handler. The process then hangs until that kills
// it, as any other signal could. Source: proc(5), pipe(7), sock_diag(7), flock(2), fcntl(2), semctl(2),
// msgctl(2), waitpid(2), ptrace(2).
#pragma once

#include <string>
#include <vector>

#include "analyzer/capture/process/open_files.h"
#include "analyzer/capture/process/process_image.h"
#include "analyzer/model/snapshot.h"

namespace gordian::capture {

struct KernelWait {
  model::ResourceKind kind = model::ResourceKind::kNone;
  std::string identity;           // one and the same for everybody who waits for it
  std::string name;               // for people
  std::string stable;             // without numbers that change from run to run
  std::vector<uint32_t> parties;  // the pids of those who could end it
  bool observed = false;          // they are known by what they did, not by what they have
  bool timed = false;             // ends by itself
  // Somebody else may end it: a process that may not be looked into, one that has yet to receive a descriptor
  // or to open the fifo by its name, one that stops a child.
  bool unseen_parties = false;
};

// Of a thread that sleeps in a call.
std::optional<KernelWait> kernel_wait(const ProcessImage& process, const ThreadImage& thread,
                                      OpenFiles& files);

}  // namespace gordian::capture
