#include "analyzer/capture/process/open_files.h"

#include <fcntl.h>
#include <linux/kcmp.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <sstream>

#include "analyzer/capture/process/proc_files.h"

namespace gordian::capture {
namespace {

std::string table_of(uint32_t pid, uint32_t tid, const char* directory) {
  return "/proc/" + std::to_string(pid) + "/task/" + std::to_string(tid) + '/' + directory;
}

std::string path_of(uint32_t pid, uint32_t tid, const char* directory, uint64_t descriptor) {
  return table_of(pid, tid, directory) + '/' + std::to_string(descriptor);
}

std::string information_of(const OpenFile& file) {
  return proc::text_of(path_of(file.pid, file.tid, "fdinfo", file.descriptor));
}

std::string target_of(const std::string& link) {
  char target[PATH_MAX];
  const ssize_t size = ::readlink(link.c_str(), target, sizeof target);
  return size > 0 ? std::string(target, static_cast<size_t>(size)) : std::string();
}

// Processes of an outer pid namespace, and those that a mount option of /proc hides, are not listed.
bool all_are_listed() {
  constexpr const char* kFirstNamespace = "pid:[4026531836]";  // PROC_PID_INIT_INO
  return target_of("/proc/self/ns/pid") == kFirstNamespace && ::access("/proc/1/stat", F_OK) == 0;
}

// A kernel thread has nothing open, and neither has what has ended.
bool may_have_files(uint32_t pid, uint32_t tid) {
  const std::string text = proc::text_of(table_of(pid, tid, "status"));
  return text.empty() || proc::parse_status(text).has_memory;
}

bool share_a_table(uint32_t tid, uint32_t other) {
  return ::syscall(SYS_kcmp, tid, other, KCMP_FILES, 0, 0) == 0;
}

// A unix socket's line says how many descriptors wait in its queue to be received.
bool carries_descriptors(const std::string& information) {
  const size_t line = information.find("scm_fds:");
  return line != information.npos && std::strtoul(information.c_str() + line + 8, nullptr, 10) != 0;
}

}  // namespace

std::optional<OpenFile> open_file(uint32_t pid, uint32_t tid, uint64_t descriptor) {
  const std::string link = path_of(pid, tid, "fd", descriptor);
  OpenFile file;
  file.pid = pid;
  file.tid = tid;
  file.descriptor = static_cast<uint32_t>(descriptor);
  file.target = target_of(link);
  struct stat status {};
  if (file.target.empty() || ::stat(link.c_str(), &status) != 0) return {};
  file.device = status.st_dev;
  file.inode = status.st_ino;
  file.mode = status.st_mode;
  file.has_name = file.target.front() == '/' && status.st_nlink != 0;
  return file;
}

Access access_of(const OpenFile& file) {
  const std::string text = information_of(file);
  const size_t flags = text.find("flags:");
  const auto mode =
      flags == text.npos ? O_RDWR : std::strtol(text.c_str() + flags + 6, nullptr, 8) & O_ACCMODE;
  return mode == O_RDONLY ? Access::kRead : mode == O_WRONLY ? Access::kWrite : Access::kBoth;
}

std::vector<std::string> locks_through(const OpenFile& file) {
  std::vector<std::string> locks;
  std::istringstream lines(information_of(file));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("lock:")) locks.push_back(line.substr(5));
  return locks;
}

// False when there is nothing to see there.
bool OpenFiles::look_into_table(uint32_t pid, uint32_t tid) {
  const std::string directory = table_of(pid, tid, "fd");
  if (::access(directory.c_str(), R_OK | X_OK) != 0) {
    const bool is_gone = errno == ENOENT || errno == ESRCH;
    unreadable_ = unreadable_ || (!is_gone && may_have_files(pid, tid));
    return false;
  }
  for (const uint32_t descriptor : proc::numbered_entries(directory)) {
    errno = 0;
    std::string target = target_of(path_of(pid, tid, "fd", descriptor));
    unreadable_ = unreadable_ || (target.empty() && (errno == EACCES || errno == EPERM));
    if (target.empty()) continue;
    // Files that were registered with a ring are held without a descriptor.
    in_flight_ = in_flight_ || target == "anon_inode:[io_uring]";
    if (!in_flight_ && target.starts_with("socket:"))
      in_flight_ = carries_descriptors(proc::text_of(path_of(pid, tid, "fdinfo", descriptor)));
    places_.emplace(std::move(target), Place{pid, tid, descriptor});
  }
  return true;
}

void OpenFiles::look_into(uint32_t pid) {
  std::vector<uint32_t> seen;
  for (const uint32_t tid : proc::numbered_entries("/proc/" + std::to_string(pid) + "/task")) {
    const auto is_same = [tid](uint32_t other) { return share_a_table(tid, other); };
    if (std::none_of(seen.begin(), seen.end(), is_same) && look_into_table(pid, tid)) seen.push_back(tid);
  }
}

void OpenFiles::look() {
  looked_ = true;
  unreadable_ = !all_are_listed();
  for (const uint32_t pid : proc::numbered_entries("/proc")) look_into(pid);
}

Holders OpenFiles::who_has(const std::string& target) {
  if (!looked_) look();
  Holders holders;
  holders.unreadable = unreadable_;
  holders.in_flight = in_flight_;
  const auto [first, last] = places_.equal_range(target);
  for (auto at = first; at != last; ++at) {
    const auto& [pid, tid, descriptor] = at->second;
    auto file = open_file(pid, tid, descriptor);
    if (file && file->target == target) holders.files.push_back(std::move(*file));
  }
  return holders;
}

}  // namespace gordian::capture
