#include "analyzer/cli/watched_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <fstream>

#include "analyzer/capture/live_process.h"
#include "analyzer/capture/record_of_process.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"

namespace gordian::cli {
namespace {

bool is_number(const std::string& name) {
  return !name.empty() && std::ranges::all_of(name, [](char each) { return each >= '0' && each <= '9'; });
}

[[noreturn]] void refuse_missing(const std::string& name) {
  throw Refusal(fmt::format("there is no process {}; give the pid of one that runs, see ps -e", name));
}

// What /proc/PID/status says of it; empty when it does not say.
std::string status_of(uint32_t pid, const std::string& key) {
  std::ifstream status(fmt::format("/proc/{}/status", pid));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":\t")) return line.substr(key.size() + 2);
  }
  return {};
}

bool has_hooks_mapped(uint32_t pid) {
  std::ifstream maps(fmt::format("/proc/{}/maps", pid));
  for (std::string line; std::getline(maps, line);) {
    if (line.find("/libgordian-") != line.npos) return true;
  }
  return false;
}

void check_maps_can_be_read(uint32_t pid) {
  const std::string path = fmt::format("/proc/{}/maps", pid);
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int error = errno;
  if (file >= 0) {
    ::close(file);
  } else if (error == EACCES || error == EPERM) {
    throw Refusal(fmt::format("process {} may not be looked into: {}; run gordian as its user, or as root",
                              pid, error_text(error)));
  } else {
    refuse_missing(std::to_string(pid));
  }
}

[[noreturn]] void refuse_without_record(uint32_t pid) {
  const std::string program = status_of(pid, "Name");
  if (status_of(pid, "State").starts_with('Z'))
    throw Refusal(
        fmt::format("process {} ({}) has ended and waits for its parent; give one that runs", pid, program));
  if (has_hooks_mapped(pid)) {
    throw Refusal(
        fmt::format("process {} ({}) has libgordian-hooks.so and no flight record that can be read; it has "
                    "asked for no lock so "
                    "far, or has given its record up: try again later, or use gordian inspect {}",
                    pid, program, pid));
  }
  throw Refusal(
      fmt::format("process {} ({}) is not watched by gordian's library; start it with gordian run, or use "
                  "gordian inspect {}",
                  pid, program, pid));
}

WatchedProcess watched_by_pid(const std::string& name) {
  uint32_t pid = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
  if (error != std::errc() || status_of(pid, "Pid").empty()) refuse_missing(name);
  if (const std::string group = status_of(pid, "Tgid"); group != std::to_string(pid))
    throw Refusal(fmt::format("{} is a thread of process {}; give that", pid, group));
  check_maps_can_be_read(pid);
  const auto path = capture::record_path_of(pid);
  if (!path) refuse_without_record(pid);
  return {pid, *path};
}

}  // namespace

WatchedProcess find_watched_process(const std::string& name) {
  if (is_number(name)) return watched_by_pid(name);
  const record::Record record = record::read_state(name);
  if (!capture::find_live_process(record).running) {
    throw Refusal(
        fmt::format("{}: its process (pid {}) does not run any more; use gordian inspect or gordian report",
                    name, record.header.pid));
  }
  return {record.header.pid, name};
}

}  // namespace gordian::cli
