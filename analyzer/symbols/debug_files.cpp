#include "analyzer/symbols/debug_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

namespace gordian::symbols {
namespace {

// The table of the CRC-32 that zlib, PNG and .gnu_debuglink share (reflected polynomial 0xedb88320).
std::array<uint32_t, 256> checksum_table() {
  std::array<uint32_t, 256> table{};
  for (uint32_t i = 0; i < table.size(); ++i) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? value >> 1 ^ 0xedb88320u : value >> 1;
    table[i] = value;
  }
  return table;
}

bool has_checksum(int descriptor, uint32_t expected) {
  static const std::array<uint32_t, 256> kTable = checksum_table();
  std::vector<uint8_t> buffer(1 << 16);
  uint32_t value = 0xffffffffu;
  off_t at = 0;
  for (ssize_t got; (got = pread(descriptor, buffer.data(), buffer.size(), at)) > 0; at += got) {
    for (ssize_t i = 0; i < got; ++i)
      value = kTable[(value ^ buffer[static_cast<size_t>(i)]) & 0xff] ^ value >> 8;
  }
  return ~value == expected;
}

int open_linked_file(const std::string& path, uint32_t checksum) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) return -1;
  struct stat status {};
  if (fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && has_checksum(descriptor, checksum)) {
    return descriptor;
  }
  close(descriptor);
  return -1;
}

int find_debug_file(Dwfl_Module* module, void** user_data, const char* module_name, Dwarf_Addr base,
                    const char* file_name, const char* link, GElf_Word checksum, char** found) {
  const int by_build_id =
      dwfl_build_id_find_debuginfo(module, user_data, module_name, base, file_name, link, checksum, found);
  if (by_build_id >= 0) return by_build_id;
  if (link == nullptr || file_name == nullptr) return -1;
  const std::string file = file_name;
  const size_t slash = file.rfind('/');
  if (slash == std::string::npos) return -1;
  const std::string directory = file.substr(0, slash + 1);
  const std::string candidates[] = {directory + link, directory + ".debug/" + link,
                                    "/usr/lib/debug" + directory + link};
  for (const std::string& candidate : candidates) {
    const int descriptor = open_linked_file(candidate, checksum);
    if (descriptor < 0) continue;
    *found = strdup(candidate.c_str());
    return descriptor;
  }
  return -1;
}

// The module's own file is always handed over when it is reported; the library's finders would ask a
// debuginfod server.
int find_no_elf(Dwfl_Module*, void**, const char*, Dwarf_Addr, char**, Elf**) {
  return -1;
}

}  // namespace

const Dwfl_Callbacks& offline_callbacks() {
  static char debug_directories[] = "/usr/lib/debug";
  static char* path = debug_directories;
  static const Dwfl_Callbacks kCallbacks = {
      .find_elf = find_no_elf,
      .find_debuginfo = find_debug_file,
      .section_address = dwfl_offline_section_address,
      .debuginfo_path = &path,
  };
  return kCallbacks;
}

}  // namespace gordian::symbols
