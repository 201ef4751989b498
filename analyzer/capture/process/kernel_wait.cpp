#include "analyzer/capture/process/kernel_wait.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "analyzer/capture/process/live_image.h"
#include "analyzer/capture/process/open_files.h"
#include "analyzer/capture/process/proc_files.h"
#include "analyzer/capture/process/socket_peer.h"

namespace gordian::capture {
namespace {

using model::ResourceKind;

void add_party(KernelWait& wait, uint32_t pid) {
  if (pid != 0 && std::find(wait.parties.begin(), wait.parties.end(), pid) == wait.parties.end())
    wait.parties.push_back(pid);
}

std::string program_name(uint32_t pid) {
  const auto stat = proc::parse_stat(proc::text_of(fmt::format("/proc/{}/stat", pid)));
  return stat ? stat->name : "a process that has ended";
}

// What a question about one thread needs.
struct Asked {
  const ProcessImage& process;
  const ThreadImage& thread;
  const SystemCall& call;
  OpenFiles& files;

  std::optional<OpenFile> file() const { return open_file(process.pid, thread.tid, call.arguments[0]); }
};

std::optional<KernelWait> wait_for_other_end(const OpenFile& file, Access wanted, OpenFiles& files) {
  const char* end = wanted == Access::kWrite ? "written to" : "read from";
  KernelWait wait;
  wait.kind = ResourceKind::kPipe;
  std::string target = file.target;
  if (S_ISFIFO(file.mode)) {
    const bool has_name = target.front() == '/';
    wait.name = fmt::format("{} to be {}", has_name ? "the fifo " + target : target, end);
    wait.stable = fmt::format("{} to be {}", has_name ? "fifo " + target : "pipe", end);
    wait.identity = fmt::format("fifo {}:{} {}", file.device, file.inode, end);
    wait.unseen_parties = file.has_name;
  } else if (S_ISSOCK(file.mode)) {
    const uint64_t peer = unix_socket_peer(file.inode);
    if (peer == 0) return {};
    target = fmt::format("socket:[{}]", peer);
    wait.name = fmt::format("the unix socket {} to be {} at its other end", file.target, end);
    wait.stable = fmt::format("unix socket to be {}", end);
    wait.identity = fmt::format("socket {} {}", file.inode, end);
    const auto limit = has_time_limit(file.pid, file.descriptor, file.inode, wanted == Access::kWrite);
    wait.timed = limit.value_or(false);
    wait.unseen_parties = !limit.has_value();
  } else {
    return {};
  }
  const Holders holders = files.who_has(target);
  wait.unseen_parties = wait.unseen_parties || holders.unreadable || holders.in_flight;
  for (const OpenFile& other : holders.files) {
    if (S_ISFIFO(file.mode) && (other.device != file.device || other.inode != file.inode)) continue;
    const Access access = access_of(other);
    if (S_ISSOCK(file.mode) || access == Access::kBoth || access == wanted) add_party(wait, other.pid);
  }
  return wait.parties.empty() ? std::nullopt : std::optional(wait);
}

// `1: FLOCK  ADVISORY  WRITE 4711 fe:01:1234 0 EOF`, as fdinfo(5) and /proc/locks have it.
struct LockLine {
  std::string family;  // "FLOCK", "POSIX", "OFDLCK"
  bool write = false;
  uint64_t start = 0;
  uint64_t end = UINT64_MAX;
};

LockLine parse_lock(const std::string& text) {
  std::istringstream fields(text);
  std::string number, advisory, access, pid, file, start, end;
  LockLine line;
  fields >> number >> line.family >> advisory >> access >> pid >> file >> start >> end;
  line.write = access == "WRITE";
  line.start = std::strtoull(start.c_str(), nullptr, 10);
  line.end = end == "EOF" ? UINT64_MAX : std::strtoull(end.c_str(), nullptr, 10);
  return line;
}

bool conflict(const LockLine& one, const LockLine& other) {
  const bool same_family = (one.family == "FLOCK") == (other.family == "FLOCK");
  return same_family && (one.write || other.write) && one.start <= other.end && other.start <= one.end;
}

std::optional<KernelWait> wait_for_file_lock(const Asked& asked, const OpenFile& file,
                                             const LockLine& wanted) {
  KernelWait wait;
  wait.kind = ResourceKind::kFileLock;
  wait.name = "the lock on " + file.target;
  wait.stable = "file lock on " + file.target;
  wait.identity = fmt::format("file lock {} {}:{} {} {}", wanted.family == "FLOCK" ? "flock" : "fcntl",
                              file.device, file.inode, wanted.start, wanted.end);
  const Holders holders = asked.files.who_has(file.target);
  wait.unseen_parties = holders.unreadable || holders.in_flight;
  for (const OpenFile& other : holders.files) {
    if (other.device != file.device || other.inode != file.inode) continue;
    for (const std::string& text : locks_through(other)) {
      const LockLine held = parse_lock(text);
      // A process does not wait for record locks of its own.
      const bool own = held.family == "POSIX" && wanted.family == "POSIX" && other.pid == asked.process.pid;
      if (!own && conflict(held, wanted)) add_party(wait, other.pid);
    }
  }
  return wait.parties.empty() ? std::nullopt : std::optional(wait);
}

std::optional<KernelWait> flock_wait(const Asked& asked) {
  const auto file = asked.file();
  if (!file) return {};
  constexpr uint64_t kExclusive = 2;  // LOCK_EX
  return wait_for_file_lock(asked, *file, {"FLOCK", (asked.call.arguments[1] & kExclusive) != 0});
}

std::optional<KernelWait> fcntl_wait(const Asked& asked) {
  const SystemCall& call = asked.call;
  if (call.arguments[1] != F_SETLKW && call.arguments[1] != F_OFD_SETLKW) return {};
  const auto file = asked.file();
  const auto lock = asked.process.memory->value<struct flock>(call.arguments[2]);
  // Where the range starts depends on more than this call.
  if (!file || !lock || lock->l_whence != SEEK_SET || lock->l_len < 0 || lock->l_start < 0) return {};
  LockLine wanted{call.arguments[1] == F_SETLKW ? "POSIX" : "OFDLCK", lock->l_type == F_WRLCK};
  wanted.start = static_cast<uint64_t>(lock->l_start);
  if (lock->l_len != 0) wanted.end = wanted.start + static_cast<uint64_t>(lock->l_len) - 1;
  return wait_for_file_lock(asked, *file, wanted);
}

bool has_thread(const ProcessImage& process, uint32_t tid) {
  return std::any_of(process.threads.begin(), process.threads.end(),
                     [tid](const ThreadImage& thread) { return thread.tid == tid; });
}

// For one child, or for any of them: whoever runs can end. What a debugger holds counts as its child.
std::optional<KernelWait> child_wait(const ProcessImage& process, int64_t wanted, uint64_t options) {
  KernelWait wait;
  wait.kind = ResourceKind::kProcess;
  wait.unseen_parties = (options & (WUNTRACED | WCONTINUED)) != 0;  // anybody may stop a process
  for (const uint32_t pid : all_processes()) {
    const auto stat = proc::parse_stat(proc::text_of(fmt::format("/proc/{}/stat", pid)));
    if (!stat) continue;
    const proc::Status status = proc::parse_status(proc::text_of(fmt::format("/proc/{}/status", pid)));
    if (stat->parent != process.pid && !has_thread(process, status.tracer)) continue;
    if (wanted > 0 && status.own_id != wanted && pid != wanted) continue;
    add_party(wait, pid);
  }
  if (wait.parties.empty()) return {};
  const uint32_t child = wait.parties.front();
  wait.identity = fmt::format("children {} {}", process.pid, wanted > 0 ? wanted : 0);
  wait.name = wanted > 0 ? fmt::format("the end of process {} ({})", child, program_name(child))
                         : fmt::format("the end of a child of process {} ({})", process.pid,
                                       program_name(process.pid));
  wait.stable = wanted > 0 ? "the end of process " + program_name(child) : "the end of a child";
  return wait;
}

std::optional<KernelWait> waitid_wait(const Asked& asked) {
  const auto& arguments = asked.call.arguments;
  if (arguments[0] == P_PIDFD) return {};
  return child_wait(asked.process, arguments[0] == P_PID ? static_cast<int64_t>(arguments[1]) : 0,
                    arguments[3]);
}

// Ids of System V objects mean something else in another namespace.
bool in_our_ipc_namespace(const ProcessImage& process) {
  std::error_code error;
  const auto theirs = std::filesystem::read_symlink(fmt::format("/proc/{}/ns/ipc", process.speaker), error);
  if (error) return false;
  return theirs == std::filesystem::read_symlink("/proc/self/ns/ipc", error) && !error;
}

bool exists(pid_t pid) {
  return pid > 0 && ::access(fmt::format("/proc/{}", pid).c_str(), F_OK) == 0;
}

// A semaphore of value 0 that was last changed by another process: that one took it.
std::optional<KernelWait> semaphore_wait(const Asked& asked) {
  const SystemCall& call = asked.call;
  const int set = static_cast<int>(call.arguments[0]);
  const auto operation = asked.process.memory->value<sembuf>(call.arguments[1]);
  if (!in_our_ipc_namespace(asked.process) || !operation || call.arguments[2] != 1 || operation->sem_op >= 0)
    return {};
  const int value = ::semctl(set, operation->sem_num, GETVAL);
  const int last = ::semctl(set, operation->sem_num, GETPID);
  if (value != 0 || !exists(last)) return {};
  KernelWait wait;
  wait.kind = ResourceKind::kSysvSemaphore;
  wait.observed = true;
  wait.timed = call.number == SYS_semtimedop && call.arguments[3] != 0;
  wait.identity = fmt::format("semaphore {} {}", set, operation->sem_num);
  wait.name = fmt::format("semaphore {} of the System V set {}", operation->sem_num, set);
  wait.stable = fmt::format("System V semaphore {}", operation->sem_num);
  add_party(wait, static_cast<uint32_t>(last));
  return wait;
}

std::optional<KernelWait> queue_wait(const Asked& asked, bool receives) {
  const int queue = static_cast<int>(asked.call.arguments[0]);
  msqid_ds status{};
  if (!in_our_ipc_namespace(asked.process) || ::msgctl(queue, IPC_STAT, &status) != 0) return {};
  const pid_t other = receives ? status.msg_lspid : status.msg_lrpid;
  if (!exists(other)) return {};
  KernelWait wait;
  wait.kind = ResourceKind::kMessageQueue;
  wait.observed = true;
  wait.identity = fmt::format("queue {} {}", queue, receives);
  wait.name = fmt::format("{} the System V queue {}", receives ? "a message on" : "room in", queue);
  wait.stable = receives ? "a message on a System V queue" : "room in a System V queue";
  add_party(wait, static_cast<uint32_t>(other));
  return wait;
}

std::optional<KernelWait> end_wait(const Asked& asked, Access wanted) {
  const auto file = asked.file();
  return file ? wait_for_other_end(*file, wanted, asked.files) : std::nullopt;
}

}  // namespace

std::optional<KernelWait> kernel_wait(const ProcessImage& process, const ThreadImage& thread,
                                      OpenFiles& files) {
  const SystemCall& call = *thread.call;
  const Asked asked{process, thread, call, files};
  switch (call.number) {
    case SYS_read:
    case SYS_readv:
    case SYS_recvfrom:
    case SYS_recvmsg:
      return end_wait(asked, Access::kWrite);
    case SYS_write:
    case SYS_writev:
    case SYS_sendto:
    case SYS_sendmsg:
      return end_wait(asked, Access::kRead);
    case SYS_wait4:
      return child_wait(process, static_cast<int32_t>(call.arguments[0]), call.arguments[2]);
    case SYS_waitid:
      return waitid_wait(asked);
    case SYS_flock:
      return flock_wait(asked);
    case SYS_fcntl:
      return fcntl_wait(asked);
    case SYS_semop:
    case SYS_semtimedop:
      return semaphore_wait(asked);
    case SYS_msgrcv:
      return queue_wait(asked, true);
    case SYS_msgsnd:
      return queue_wait(asked, false);
    default:
      return {};
  }
}

}  // namespace gordian::capture
