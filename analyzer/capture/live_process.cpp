#include "analyzer/capture/live_process.h"

#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <sstream>

namespace gordian::capture {
namespace {

constexpr uint64_t kSecond = 1'000'000'000;
constexpr std::string_view kDeleted = " (deleted)";

uint64_t clock_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * kSecond + static_cast<uint64_t>(now.tv_nsec);
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Status {
  char state = '?';
  uint64_t start_ns = 0;  // since boot, suspended time included
};

// proc(5): the name in parentheses may hold anything, so count the fields from the last one that closes.
std::optional<Status> status_of(const std::string& directory) {
  const std::string text = text_of(directory + "/stat");
  const size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(text.substr(name_end + 1));
  Status status;
  std::string skipped;
  uint64_t ticks = 0;
  fields >> status.state;
  for (int field = 4; field < 22; ++field) fields >> skipped;
  if (!(fields >> ticks)) return {};
  const auto per_second = static_cast<uint64_t>(std::max(1L, ::sysconf(_SC_CLK_TCK)));
  status.start_ns = ticks / per_second * kSecond + ticks % per_second * kSecond / per_second;
  return status;
}

bool started_before(const Status& status, const record::Record& record) {
  const uint64_t now = clock_ns(CLOCK_MONOTONIC);
  // From a boot before this one.
  if (record.header.attached_ns > now) return false;
  // CLOCK_MONOTONIC stands still while the machine sleeps and start times do not: allow for all of it, and a
  // tick or two.
  const uint64_t slept = clock_ns(CLOCK_BOOTTIME) - now;
  return status.start_ns <= record.header.attached_ns + slept + kSecond / 10;
}

// The first thread of a process can end before the others: it is a zombie then, and the process is none.
bool has_other_threads(const std::string& directory, uint32_t pid) {
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator(directory + "/task", error)) {
    if (task.path().filename() == std::to_string(pid)) continue;
    const std::optional<Status> status = status_of(task.path());
    if (status && status->state != 'Z' && status->state != 'X') return true;
  }
  return false;
}

bool any_where_recorded(const record::Record& record, const std::vector<symbols::Mapping>& mappings) {
  return std::any_of(record.modules.begin(), record.modules.end(), [&](const record::ModuleRecord& module) {
    return std::any_of(mappings.begin(), mappings.end(), [&](const symbols::Mapping& mapping) {
      return mapping.start <= module.start && module.start < mapping.end && mapping.path == module.path;
    });
  });
}

std::vector<uint8_t> build_id_of(const record::ModuleRecord& module) {
  return {module.build_id, module.build_id + std::min<size_t>(module.build_id_size, sizeof module.build_id)};
}

}  // namespace

std::vector<symbols::Mapping> parse_maps(const std::string& text) {
  std::vector<symbols::Mapping> mappings;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    symbols::Mapping mapping;
    int path = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %*s %" SCNx64 " %*s %*s %n", &mapping.start,
                    &mapping.end, &mapping.file_offset, &path) != 3) {
      continue;
    }
    if (path <= 0 || static_cast<size_t>(path) >= line.size() || line[static_cast<size_t>(path)] != '/')
      continue;
    mapping.path = line.substr(static_cast<size_t>(path));
    // The file may have been replaced since; its build-id will tell.
    if (mapping.path.ends_with(kDeleted)) mapping.path.resize(mapping.path.size() - kDeleted.size());
    mappings.push_back(std::move(mapping));
  }
  return mappings;
}

std::vector<symbols::Mapping> recorded_mappings(const record::Record& record) {
  std::vector<symbols::Mapping> mappings;
  for (const record::ModuleRecord& module : record.modules) {
    mappings.push_back({module.start, module.end, module.file_offset, module.path, build_id_of(module)});
  }
  return mappings;
}

LiveProcess find_live_process(const record::Record& record, const std::string& proc) {
  if (record.header.pid == 0) return {};
  const std::string directory = proc + '/' + std::to_string(record.header.pid);
  const std::optional<Status> status = status_of(directory);
  if (!status || !started_before(*status, record)) return {};
  const bool has_ended = status->state == 'Z' || status->state == 'X';
  if (has_ended && !has_other_threads(directory, record.header.pid)) return {};

  LiveProcess process;
  process.mappings = parse_maps(text_of(directory + "/maps"));
  // Same pid and older than the record, but another image: it went on to exec something else.
  const bool other_image =
      !process.mappings.empty() && !record.modules.empty() && !any_where_recorded(record, process.mappings);
  if (other_image) return {};
  process.running = true;

  std::map<std::string, std::vector<uint8_t>> build_ids;
  for (const record::ModuleRecord& module : record.modules) build_ids[module.path] = build_id_of(module);
  for (symbols::Mapping& mapping : process.mappings) mapping.build_id = build_ids[mapping.path];
  return process;
}

}  // namespace gordian::capture
