#include "analyzer/capture/process/open_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <sstream>

#include "analyzer/capture/process/proc_files.h"

namespace gordian::capture {
namespace {

std::string path_of(uint32_t pid, const char* directory, uint64_t descriptor) {
  return "/proc/" + std::to_string(pid) + '/' + directory + '/' + std::to_string(descriptor);
}

std::string target_of(const std::string& link) {
  char target[PATH_MAX];
  const ssize_t size = ::readlink(link.c_str(), target, sizeof target);
  return size > 0 ? std::string(target, static_cast<size_t>(size)) : std::string();
}

// Inside of a container /proc shows its processes alone. The first namespace has a fixed number.
bool sees_all_processes() {
  return target_of("/proc/self/ns/pid") == "pid:[4026531836]";
}

}  // namespace

std::optional<OpenFile> open_file(uint32_t pid, uint64_t descriptor) {
  const std::string link = path_of(pid, "fd", descriptor);
  OpenFile file;
  file.pid = pid;
  file.descriptor = static_cast<uint32_t>(descriptor);
  file.target = target_of(link);
  struct stat status {};
  if (file.target.empty() || ::stat(link.c_str(), &status) != 0) return {};
  file.device = status.st_dev;
  file.inode = status.st_ino;
  file.mode = status.st_mode;
  return file;
}

Access access_of(const OpenFile& file) {
  const std::string text = proc::text_of(path_of(file.pid, "fdinfo", file.descriptor));
  const size_t flags = text.find("flags:");
  const auto mode =
      flags == text.npos ? O_RDWR : std::strtol(text.c_str() + flags + 6, nullptr, 8) & O_ACCMODE;
  return mode == O_RDONLY ? Access::kRead : mode == O_WRONLY ? Access::kWrite : Access::kBoth;
}

std::vector<std::string> locks_through(const OpenFile& file) {
  std::vector<std::string> locks;
  std::istringstream lines(proc::text_of(path_of(file.pid, "fdinfo", file.descriptor)));
  for (std::string line; std::getline(lines, line);)
    if (line.starts_with("lock:")) locks.push_back(line.substr(5));
  return locks;
}

Holders who_has(const std::vector<std::string>& targets) {
  Holders holders;
  holders.unreadable = !sees_all_processes();
  for (const uint32_t pid : proc::numbered_entries("/proc")) {
    const std::string directory = "/proc/" + std::to_string(pid) + "/fd";
    if (::access(directory.c_str(), R_OK | X_OK) != 0) {
      // A kernel thread has nothing open, and neither has what has ended.
      const bool has_memory =
          proc::parse_status(proc::text_of("/proc/" + std::to_string(pid) + "/status")).has_memory;
      holders.unreadable = holders.unreadable || (errno == EACCES && has_memory);
      continue;
    }
    for (const uint32_t descriptor : proc::numbered_entries(directory)) {
      const std::string target = target_of(path_of(pid, "fd", descriptor));
      if (std::find(targets.begin(), targets.end(), target) == targets.end()) continue;
      if (auto file = open_file(pid, descriptor)) holders.files.push_back(std::move(*file));
    }
  }
  return holders;
}

}  // namespace gordian::capture
