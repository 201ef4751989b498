#include "analyzer/capture/process/live_image.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <map>

#include "analyzer/capture/process/inspect_error.h"
#include "analyzer/capture/process/live_memory.h"
#include "analyzer/capture/process/proc_files.h"

namespace gordian::capture {
namespace {

namespace fs = std::filesystem;
constexpr std::string_view kDeletedSuffix = " (deleted)";

std::string directory_of(uint32_t pid) {
  return "/proc/" + std::to_string(pid);
}

std::string started_at(uint64_t ticks_after_boot) {
  timespec boot{};
  timespec now{};
  ::clock_gettime(CLOCK_BOOTTIME, &boot);
  ::clock_gettime(CLOCK_REALTIME, &now);
  const auto per_second = static_cast<uint64_t>(std::max(1L, ::sysconf(_SC_CLK_TCK)));
  const auto seconds =
      static_cast<time_t>(static_cast<uint64_t>(now.tv_sec - boot.tv_sec) + ticks_after_boot / per_second);
  tm parts{};
  char text[40];
  if (::gmtime_r(&seconds, &parts) == nullptr) return {};
  return {text, ::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

[[noreturn]] void refuse_gone(uint32_t pid) {
  throw InspectError(fmt::format(
      "there is no process {}; it may have ended: look at ps, or give a core or a flight record", pid));
}

[[noreturn]] void refuse_forbidden(uint32_t pid) {
  throw InspectError(
      fmt::format("no permission to look into process {}; run as its user or as root, and see "
                  "kernel.yama.ptrace_scope",
                  pid));
}

ThreadImage thread_image(const std::string& task, uint32_t tid) {
  ThreadImage thread;
  thread.tid = tid;
  const auto stat = proc::parse_stat(proc::text_of(task + "/stat"));
  if (!stat) {
    thread.state = 'X';
    return thread;
  }
  const proc::Status status = proc::parse_status(proc::text_of(task + "/status"));
  thread.name = stat->name;
  thread.state = stat->state;
  thread.own_tid = status.own_id != 0 ? status.own_id : tid;
  thread.switches = status.switches;
  if (thread.state != 'R' && !thread.ended())
    thread.call = proc::parse_syscall(proc::text_of(task + "/syscall"));
  return thread;
}

std::vector<ThreadImage> threads_of(uint32_t pid) {
  const std::string tasks = directory_of(pid) + "/task";
  std::vector<ThreadImage> threads;
  for (const uint32_t tid : proc::numbered_entries(tasks)) {
    ThreadImage thread = thread_image(tasks + '/' + std::to_string(tid), tid);
    if (thread.state != 'X') threads.push_back(std::move(thread));
  }
  return threads;
}

// A file that was replaced or lives in a container has its bytes under map_files, for those who may; or under
// the process's own root.
std::string where_to_open(const std::string& directory, const Region& region) {
  const std::string exact = fmt::format("{}/map_files/{:x}-{:x}", directory, region.start, region.end);
  if (::access(exact.c_str(), R_OK) == 0) return exact;
  return region.path.ends_with(kDeletedSuffix) ? std::string() : directory + "/root" + region.path;
}

std::vector<Region> regions_of(uint32_t pid) {
  const std::string directory = directory_of(pid);
  std::vector<Region> regions = proc::parse_regions(proc::text_of(directory + "/maps"));
  std::map<std::string, std::string> opened;  // one file has many regions
  for (Region& region : regions) {
    if (region.path.empty() || region.path.front() != '/' || region.inode == 0) continue;
    std::string& open_at = opened[region.path];
    if (open_at.empty()) open_at = where_to_open(directory, region);
    region.open_at = open_at;
  }
  return regions;
}

std::vector<std::string> arguments_of(uint32_t pid) {
  const std::string text = proc::text_of(directory_of(pid) + "/cmdline");
  std::vector<std::string> arguments;
  for (size_t at = 0; at < text.size();) {
    const size_t end = std::min(text.find('\0', at), text.size());
    arguments.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return arguments;
}

std::string program_of(uint32_t pid) {
  std::error_code error;
  std::string program = fs::read_symlink(directory_of(pid) + "/exe", error).string();
  if (program.ends_with(kDeletedSuffix)) program.resize(program.size() - kDeletedSuffix.size());
  return program;
}

// Whether its memory can be had; the reason why not is thrown.
void check_readable(const ProcessImage& process) {
  if (process.regions.empty()) refuse_forbidden(process.pid);
  const auto readable =
      std::find_if(process.regions.begin(), process.regions.end(),
                   [](const Region& region) { return region.path == "[stack]" || region.path == "[heap]"; });
  const Region& region = readable != process.regions.end() ? *readable : process.regions.front();
  unsigned char byte = 0;
  auto& memory = static_cast<LiveMemory&>(*process.memory);
  if (memory.read(region.end - 1, &byte, 1)) return;
  if (memory.failure() == ESRCH) refuse_gone(process.pid);
  if (memory.failure() == EPERM || memory.failure() == EACCES) refuse_forbidden(process.pid);
}

}  // namespace

ProcessImage look_at(uint32_t pid) {
  const std::string directory = directory_of(pid);
  const auto stat = proc::parse_stat(proc::text_of(directory + "/stat"));
  if (!stat) refuse_gone(pid);
  const proc::Status status = proc::parse_status(proc::text_of(directory + "/status"));
  ProcessImage process;
  process.pid = pid;
  process.live = true;
  process.own_pid = status.own_id != 0 ? status.own_id : pid;
  process.tracer = status.tracer;
  process.handled_signals = status.handled_signals;
  process.started = started_at(stat->start_ticks);
  process.threads = threads_of(pid);
  const bool all_ended = std::all_of(process.threads.begin(), process.threads.end(),
                                     [](const ThreadImage& thread) { return thread.ended(); });
  if (stat->state == 'Z' && all_ended)
    throw InspectError(
        fmt::format("process {} has ended and is a zombie: its parent, process {}, has not waited for "
                    "it; inspect that one",
                    pid, stat->parent));
  process.speaker = pid;
  for (const ThreadImage& thread : process.threads)
    if (stat->state == 'Z' && process.speaker == pid && !thread.ended()) process.speaker = thread.tid;
  process.regions = regions_of(process.speaker);
  if (process.regions.empty() && !status.has_memory && stat->state != 'Z')
    throw InspectError(fmt::format("process {} is a kernel thread; it has no locks of a program", pid));
  process.program = program_of(process.speaker);
  process.arguments = arguments_of(process.speaker);
  process.memory = std::make_unique<LiveMemory>(process.speaker);
  if (!proc::parse_stat(proc::text_of(directory + "/stat"))) refuse_gone(pid);
  check_readable(process);
  return process;
}

void forget_memory(ProcessImage& process) {
  static_cast<LiveMemory&>(*process.memory).forget();
}

void look_again(ProcessImage& process) {
  std::vector<ThreadImage> now = threads_of(process.pid);
  if (now.empty())
    throw InspectError(
        fmt::format("process {} ended while it was looked at; give a core or a flight record", process.pid));
  for (ThreadImage& thread : now) {
    const auto before = std::find_if(process.threads.begin(), process.threads.end(),
                                     [&](const ThreadImage& each) { return each.tid == thread.tid; });
    if (before == process.threads.end()) continue;
    thread.steady = thread.call && thread.call == before->call && thread.switches == before->switches &&
                    thread.state == before->state;
    thread.registers = before->registers;
  }
  process.threads = std::move(now);
}

std::vector<uint32_t> all_processes() {
  return proc::numbered_entries("/proc");
}

std::vector<uint32_t> with_descendants(uint32_t pid) {
  std::multimap<uint32_t, uint32_t> children;
  for (const uint32_t each : all_processes()) {
    if (const auto stat = proc::parse_stat(proc::text_of(directory_of(each) + "/stat")))
      if (stat->state != 'Z') children.emplace(stat->parent, each);
  }
  std::vector<uint32_t> found{pid};
  for (size_t at = 0; at < found.size(); ++at) {
    const auto [first, last] = children.equal_range(found[at]);
    for (auto child = first; child != last; ++child) found.push_back(child->second);
  }
  return found;
}

std::vector<uint32_t> processes_named(const std::string& name) {
  std::vector<uint32_t> found;
  for (const uint32_t pid : all_processes()) {
    const auto stat = proc::parse_stat(proc::text_of(directory_of(pid) + "/stat"));
    if (!stat || stat->state == 'Z' || pid == static_cast<uint32_t>(::getpid())) continue;
    if (stat->name == name || fs::path(program_of(pid)).filename() == name) found.push_back(pid);
  }
  return found;
}

}  // namespace gordian::capture
