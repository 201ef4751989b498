#include "runtime-hooks/race-sampler/breakpoints.h"

#include <linux/hw_breakpoint.h>
#include <linux/perf_event.h>
#include <sys/utsname.h>

#include <algorithm>
#include <cstring>

#include "runtime-hooks/kernel.h"

namespace gordian::hooks::races {

namespace {

// Where a disabled one points; never looked at.
constexpr uint64_t kNowhere = 0x1000;

// Before Linux 5.18 a trap that met a blocked SIGTRAP ended the process.
bool has_gentle_sigtrap() {
  utsname name;
  if (raw_syscall(SYS_uname, reinterpret_cast<long>(&name)) != 0) return false;
  uint32_t part[2] = {};
  const char* at = name.release;
  for (uint32_t& each : part) {
    for (; *at >= '0' && *at <= '9'; ++at) each = each * 10 + static_cast<uint32_t>(*at - '0');
    if (*at == '.') ++at;
  }
  return part[0] > 5 || (part[0] == 5 && part[1] >= 18);
}

perf_event_attr attributes(BreakOn what, uint64_t address, uint32_t length, uint64_t tag, bool is_off) {
  perf_event_attr result;
  std::memset(&result, 0, sizeof(result));
  result.type = PERF_TYPE_BREAKPOINT;
  result.size = sizeof(result);
  result.sample_period = 1;
  result.disabled = is_off;
  result.inherit = 1;
  result.inherit_thread = 1;
  result.remove_on_exec = 1;
  result.sigtrap = 1;
  result.exclude_kernel = 1;
  result.exclude_hv = 1;
  result.bp_addr = address;
  switch (what) {
    case BreakOn::kExecution:
      result.bp_type = HW_BREAKPOINT_X;
      result.bp_len = sizeof(long);
      break;
    case BreakOn::kWrite:
      result.bp_type = HW_BREAKPOINT_W;
      result.bp_len = length;
      break;
    case BreakOn::kAccess:
      result.bp_type = HW_BREAKPOINT_RW;
      result.bp_len = length;
      break;
  }
  result.sig_data = tag;
  return result;
}

struct Directory {
  uint64_t inode;
  int64_t offset;
  uint16_t length;
  uint8_t type;
  char name[1];
};

// The numbers in a directory, one at a time.
template <typename Each>
void for_each_thread(Each each) {
  const int fd = kernel::open("/proc/thread-self/..", O_RDONLY | O_DIRECTORY);
  if (fd < 0) return;
  alignas(8) char buffer[2048];
  for (;;) {
    const long n = raw_syscall(SYS_getdents64, fd, reinterpret_cast<long>(buffer), sizeof(buffer));
    if (n <= 0) break;
    for (long at = 0; at < n;) {
      const auto* entry = reinterpret_cast<const Directory*>(buffer + at);
      uint32_t tid = 0;
      for (const char* c = entry->name; *c >= '0' && *c <= '9'; ++c)
        tid = tid * 10 + static_cast<uint32_t>(*c - '0');
      if (tid != 0) each(tid);
      at += entry->length;
    }
  }
  kernel::close(fd);
}

}  // namespace

long Breakpoints::open_for(uint32_t tid) {
  if (threads_ == kMostThreads) return 0;
  int* descriptors = descriptors_[threads_];
  const uint32_t wanted = threads_ == 0 ? kMostSlots : slots_;
  uint32_t opened = 0;
  long error = 0;
  while (opened < wanted) {
    perf_event_attr attr = attributes(BreakOn::kExecution, kNowhere, 0, 0, true);
    const long fd =
        raw_syscall(SYS_perf_event_open, reinterpret_cast<long>(&attr), tid, -1, -1, PERF_FLAG_FD_CLOEXEC);
    if (fd < 0) {
      error = fd;
      break;
    }
    descriptors[opened++] = static_cast<int>(fd);
  }
  if (opened == 0 || (threads_ != 0 && opened < slots_)) {
    for (uint32_t i = 0; i < opened; ++i) kernel::close(descriptors[i]);
    return error;
  }
  if (threads_ == 0) slots_ = opened;
  tids_[threads_++] = tid;
  return 0;
}

bool Breakpoints::has(uint32_t tid) const {
  return std::find(tids_, tids_ + threads_, tid) != tids_ + threads_;
}

long Breakpoints::open(uint32_t except) {
  if (!has_gentle_sigtrap()) return -95;  // EOPNOTSUPP
  const uint32_t self = kernel::thread_id();
  long error = 0;
  uint32_t had = 0;
  // Threads that begin meanwhile inherit, or are met the next time round.
  do {
    had = threads_;
    for_each_thread([&](uint32_t tid) {
      if (tid == self || tid == except || has(tid)) return;
      const long result = open_for(tid);
      if (result != 0) error = result;
    });
  } while (threads_ != had);
  return slots_ != 0 ? 0 : error != 0 ? error : -3 /* ESRCH */;
}

long Breakpoints::set(uint32_t slot, BreakOn what, uint64_t address, uint32_t length, uint64_t tag) {
  perf_event_attr attr = attributes(what, address, length, tag, false);
  long result = 0;
  for (uint32_t i = 0; i < threads_; ++i) {
    const long error = raw_syscall(SYS_ioctl, descriptors_[i][slot], PERF_EVENT_IOC_MODIFY_ATTRIBUTES,
                                   reinterpret_cast<long>(&attr));
    if (error != 0) result = error;
  }
  return result;
}

void Breakpoints::clear(uint32_t slot) {
  for (uint32_t i = 0; i < threads_; ++i)
    raw_syscall(SYS_ioctl, descriptors_[i][slot], PERF_EVENT_IOC_DISABLE, 0);
}

void Breakpoints::close() {
  for (uint32_t i = 0; i < threads_; ++i)
    for (uint32_t slot = 0; slot < slots_; ++slot) kernel::close(descriptors_[i][slot]);
  threads_ = slots_ = 0;
}

}  // namespace gordian::hooks::races
