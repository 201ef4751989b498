#include "analyzer/capture/process/proc_files.h"

#include <sys/sysmacros.h>

#include <algorithm>
#include <charconv>
#include <cinttypes>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace gordian::capture::proc {
namespace {

// `Name:\tvalue` -> value, for each line.
template <typename Take>
void for_each_line(std::string_view text, Take take) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    take(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

uint64_t number_at(std::string_view text, int base) {
  const size_t first = text.find_first_not_of(" \t");
  if (first == text.npos) return 0;
  uint64_t value = 0;
  std::from_chars(text.data() + first, text.data() + text.size(), value, base);
  return value;
}

}  // namespace

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::optional<Stat> parse_stat(std::string_view text) {
  const size_t name_start = text.find('(');
  const size_t name_end = text.rfind(')');
  if (name_start == text.npos || name_end == text.npos || name_end < name_start) return {};
  Stat stat;
  stat.name = text.substr(name_start + 1, name_end - name_start - 1);
  std::istringstream fields{std::string(text.substr(name_end + 1))};
  std::string skipped;
  fields >> stat.state >> stat.parent;
  for (int field = 5; field < 22; ++field) fields >> skipped;
  if (!(fields >> stat.start_ticks)) return {};
  return stat;
}

Status parse_status(std::string_view text) {
  Status status;
  for_each_line(text, [&](std::string_view line) {
    const size_t colon = line.find(':');
    if (colon == line.npos) return;
    const std::string_view key = line.substr(0, colon);
    const std::string_view value = line.substr(colon + 1);
    if (key == "TracerPid") status.tracer = static_cast<uint32_t>(number_at(value, 10));
    if (key == "VmSize") status.has_memory = true;
    if (key == "SigCgt") status.handled_signals = number_at(value, 16);
    if (key == "voluntary_ctxt_switches" || key == "nonvoluntary_ctxt_switches")
      status.switches += number_at(value, 10);
    if (key == "NSpid") {
      const size_t last = value.find_last_of(" \t");
      status.own_id = static_cast<uint32_t>(number_at(value.substr(last == value.npos ? 0 : last), 10));
    }
    if (key == "Uid") {
      const size_t second =
          value.find_first_of(" \t", std::min(value.find_first_not_of(" \t"), value.size()));
      if (second != value.npos) status.user = static_cast<uint32_t>(number_at(value.substr(second), 10));
    }
  });
  return status;
}

// `running`, or `-1 SP PC`, or `NUMBER SIX-ARGUMENTS SP PC`.
std::optional<SystemCall> parse_syscall(std::string_view text) {
  SystemCall call;
  const std::string line(text);
  auto& a = call.arguments;
  const int read = std::sscanf(line.c_str(),
                               "%" SCNd64 " 0x%" SCNx64 " 0x%" SCNx64 " 0x%" SCNx64 " 0x%" SCNx64
                               " 0x%" SCNx64 " 0x%" SCNx64 " 0x%" SCNx64 " 0x%" SCNx64,
                               &call.number, &a[0], &a[1], &a[2], &a[3], &a[4], &a[5], &call.stack_pointer,
                               &call.program_counter);
  if (read == 9) return call;
  // Blocked outside of a system call, in a page fault for example.
  if (read == 3 && call.number == -1) {
    call.stack_pointer = a[0];
    call.program_counter = a[1];
    a = {};
    return call;
  }
  return {};
}

std::vector<Region> parse_regions(std::string_view text) {
  std::vector<Region> regions;
  for_each_line(text, [&](std::string_view view) {
    const std::string line(view);
    Region region;
    char permissions[5] = {};
    unsigned major_number = 0;
    unsigned minor_number = 0;
    int path = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64 " %4s %" SCNx64 " %x:%x %" SCNu64 " %n",
                    &region.start, &region.end, permissions, &region.file_offset, &major_number,
                    &minor_number, &region.inode, &path) != 7)
      return;
    region.device = makedev(major_number, minor_number);
    region.shared = permissions[3] == 's';
    if (path > 0 && static_cast<size_t>(path) < line.size())
      region.path = line.substr(static_cast<size_t>(path));
    regions.push_back(std::move(region));
  });
  return regions;
}

std::vector<uint32_t> numbered_entries(const std::string& directory) {
  std::vector<uint32_t> numbers;
  std::error_code error;
  for (std::filesystem::directory_iterator at(directory, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename();
    uint32_t number = 0;
    const auto [last, failed] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (failed == std::errc() && last == name.data() + name.size()) numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

}  // namespace gordian::capture::proc
