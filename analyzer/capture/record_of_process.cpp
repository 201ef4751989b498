#include "analyzer/capture/record_of_process.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "analyzer/record/control.h"
#include "analyzer/record/record_file.h"

namespace gordian::capture {
namespace {

struct MappedRecord {
  std::string range;  // as maps and map_files write it
  std::string path;   // in the process's own view of the file system; empty when the file was deleted
};

// A line of proc_pid_maps(5): range, rights, offset, device, inode, path to the end of the line.
std::optional<MappedRecord> mapped_record_in(const std::string& line) {
  constexpr std::string_view kDeleted = " (deleted)";
  std::istringstream fields(line);
  MappedRecord mapped;
  std::string rights, offset, device, inode;
  if (!(fields >> mapped.range >> rights >> offset >> device >> inode >> std::ws)) return {};
  std::getline(fields, mapped.path);
  const bool is_deleted = mapped.path.ends_with(kDeleted);
  if (is_deleted) mapped.path.resize(mapped.path.size() - kDeleted.size());
  if (!mapped.path.starts_with('/') || !mapped.path.ends_with(record::kFlightSuffix)) return {};
  // Another file may have come to that name.
  if (is_deleted) mapped.path.clear();
  return mapped;
}

bool is_record_of(uint32_t own_pid, const std::string& path) {
  try {
    return record::RecordFile(path).header().pid == own_pid;
  } catch (const record::RecordError&) {
    return false;
  }
}

// By way of one thread.
std::optional<std::string> record_path_by(const std::string& process, uint32_t own_pid) {
  std::ifstream maps(process + "/maps");
  for (std::string line; std::getline(maps, line);) {
    const std::optional<MappedRecord> mapped = mapped_record_in(line);
    if (!mapped) continue;
    // The mapping leads to the very file, whatever its name is by now, but only those with privileges; the
    // name is for everybody, and is looked up where the process sees it.
    std::vector<std::string> ways = {process + "/map_files/" + mapped->range};
    if (!mapped->path.empty()) ways.push_back(process + "/root" + mapped->path);
    for (const std::string& way : ways) {
      if (is_record_of(own_pid, way)) return way;
    }
  }
  return {};
}

}  // namespace

std::optional<uint32_t> own_pid_of(uint32_t pid, const std::string& proc) {
  std::ifstream status(proc + '/' + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (!line.starts_with("NSpid:")) continue;
    // One for each namespace of pids, the innermost last.
    std::istringstream numbers(line.substr(line.find(':') + 1));
    std::optional<uint32_t> own;
    for (uint32_t number = 0; numbers >> number;) own = number;
    return own;
  }
  return {};
}

std::optional<std::string> record_path_of(uint32_t pid, const std::string& proc) {
  const std::optional<uint32_t> own_pid = own_pid_of(pid, proc);
  if (!own_pid) return {};
  const std::string process = proc + '/' + std::to_string(pid);
  if (auto path = record_path_by(process, *own_pid)) return path;
  // A first thread that has ended shows no mappings; any other one shows those of all. /proc lists processes
  // alone, and has the threads by their numbers all the same.
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator(process + "/task", error)) {
    if (auto path = record_path_by(proc + '/' + task.path().filename().string(), *own_pid)) return path;
  }
  return {};
}

std::optional<RecordOfCore> record_of_core(const ProcessImage& core, const std::string& sysroot) {
  std::optional<RecordOfCore> found;
  for (const Region& region : core.regions) {
    if (!region.path.ends_with(record::kFlightSuffix)) continue;
    found = {sysroot + region.path, is_record_of(core.own_pid, sysroot + region.path)};
    if (found->is_there) break;
  }
  return found;
}

}  // namespace gordian::capture
