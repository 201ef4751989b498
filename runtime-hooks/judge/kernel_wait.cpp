#include "runtime-hooks/judge/kernel_wait.h"

#include <cstdlib>
#include <cstring>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/print.h"

namespace gordian::hooks {

namespace {

// Returns the size read, negative when the file is not to be had.
long read_file(const char* path, char* out, size_t size) {
  const int fd = kernel::open(path, O_RDONLY);
  if (fd < 0) return fd;
  const long n = kernel::read(fd, out, size - 1);
  kernel::close(fd);
  if (n >= 0) out[n] = 0;
  return n;
}

uint64_t next_number(const char*& text) {
  while (*text == ' ') ++text;
  const bool hex = text[0] == '0' && text[1] == 'x';
  if (hex) text += 2;
  uint64_t value = 0;
  for (;; ++text) {
    const char c = *text;
    if (c >= '0' && c <= '9')
      value = value * (hex ? 16 : 10) + static_cast<uint64_t>(c - '0');
    else if (hex && c >= 'a' && c <= 'f')
      value = value * 16 + static_cast<uint64_t>(c - 'a' + 10);
    else
      return value;
  }
}

}  // namespace

KernelWait kernel_wait(uint32_t tid) {
  KernelWait wait;
  Line path;
  path.add("/proc/self/task/").add(tid).add("/syscall");
  char text[256];
  const long n = read_file(path.text(), text, sizeof(text));
  if (n == -2 /* ENOENT */ || n == -3 /* ESRCH */) {
    wait.known = true;
    return wait;
  }
  if (n <= 0) return wait;
  wait.known = true;
  wait.exists = true;
  if (text[0] < '0' || text[0] > '9') return wait;  // "running", or not in a system call
  const char* at = text;
  const uint64_t number = next_number(at);
  uint64_t fields[8];
  for (uint64_t& field : fields) field = next_number(at);
  wait.in_futex = number == SYS_futex;
  wait.futex_word = fields[0];
  wait.stack_pointer = fields[6];
  wait.program_counter = fields[7];
  return wait;
}

uint32_t kernel_thread_count() {
  char text[2048];
  if (read_file("/proc/thread-self/status", text, sizeof(text)) <= 0) return 0;
  const char* at = std::strstr(text, "\nThreads:");
  if (at == nullptr) return 0;
  at += std::strlen("\nThreads:");
  while (*at == '\t') ++at;
  return static_cast<uint32_t>(next_number(at));
}

uint32_t signal_handler_count() {
  struct KernelAction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    uint64_t mask;
  };
  uint32_t count = 0;
  for (int signal = 1; signal <= 64; ++signal) {
    switch (signal) {
      case SIGKILL:
      case SIGSTOP:
      case 32:
      case 33:  // the last two are glibc's own
      case SIGSEGV:
      case SIGBUS:
      case SIGFPE:
      case SIGILL:
      case SIGTRAP:
      case SIGSYS:
      case SIGABRT:
        continue;
      default:
        break;
    }
    KernelAction action{};
    if (raw_syscall(SYS_rt_sigaction, signal, 0, reinterpret_cast<long>(&action), 8) != 0) continue;
    if (action.handler != SIG_DFL && action.handler != SIG_IGN) ++count;
  }
  return count;
}

Scheduling scheduling_of(uint32_t tid) {
  Scheduling scheduling;
  constexpr long kResetOnFork = 0x40000000;
  const long policy = raw_syscall(SYS_sched_getscheduler, tid);
  int priority = 0;
  if (policy < 0 || raw_syscall(SYS_sched_getparam, tid, reinterpret_cast<long>(&priority)) != 0)
    return scheduling;
  scheduling.policy = static_cast<uint8_t>(policy & ~kResetOnFork);
  scheduling.priority = static_cast<uint8_t>(priority);
  Line path;
  path.add("/proc/self/task/").add(tid).add("/stat");
  char text[512];
  if (read_file(path.text(), text, sizeof(text)) <= 0) return scheduling;
  const char* at = std::strrchr(text, ')');  // a name may have anything in it
  // proc(5): the name is field 2, the priority field 18; -1 less the priority where it is a real-time one.
  for (int field = 2; at != nullptr && field < 18; ++field) at = std::strchr(at + 1, ' ');
  if (at == nullptr) return scheduling;
  ++at;
  const bool is_real_time = *at == '-';
  if (is_real_time) scheduling.rank = static_cast<uint8_t>(next_number(++at) - 1);
  scheduling.known = true;
  return scheduling;
}

void read_thread_name(uint32_t tid, char (&name)[16]) {
  Line path;
  path.add("/proc/self/task/").add(tid).add("/comm");
  char text[32];
  const long n = read_file(path.text(), text, sizeof(text));
  if (n <= 0) return;
  const size_t size = static_cast<size_t>(n) < sizeof(name) ? static_cast<size_t>(n) : sizeof(name) - 1;
  std::memcpy(name, text, size);
  name[text[size - 1] == '\n' ? size - 1 : size] = 0;
}

}  // namespace gordian::hooks
