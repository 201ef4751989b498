#include "analyzer/capture/process/c_library.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <string_view>

#include "analyzer/capture/function_names.h"

namespace gordian::capture {
namespace {

constexpr size_t kMostRead = size_t{64} << 20;

bool is_glibc_name(std::string_view name) {
  return name == "libc.so.6" || (name.starts_with("libc-2.") && name.ends_with(".so"));
}

bool is_musl_name(std::string_view name) {
  return name.starts_with("ld-musl") || name == "libc.musl-x86_64.so.1";
}

std::string bytes_of(const std::string& path) {
  std::string bytes;
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (descriptor < 0) return bytes;
  char part[1 << 16];
  for (ssize_t got = 0; bytes.size() < kMostRead && (got = ::read(descriptor, part, sizeof part)) > 0;)
    bytes.append(part, static_cast<size_t>(got));
  ::close(descriptor);
  return bytes;
}

CLibrary glibc(uint32_t minor) {
  CLibrary library;
  library.is_glibc = true;
  library.minor = minor;
  const char* layout = library.has_new_conditions() ? "2.41" : "2.31 to 2.40";
  library.description =
      minor != 0 ? fmt::format("glibc 2.{}; its locks are read by the layout of glibc {}", minor, layout)
                 : fmt::format("glibc of an unknown version; the layout of glibc {} is assumed", layout);
  if (minor != 0 && (minor < 31 || minor > 41))
    library.description += ", which has not been checked for this version";
  return library;
}

}  // namespace

uint32_t glibc_minor_in(std::string_view bytes) {
  constexpr std::string_view kBanner = "GNU C Library (";
  constexpr std::string_view kVersion = " version 2.";
  const size_t banner = bytes.find(kBanner);
  if (banner == bytes.npos) return 0;
  const std::string_view line = bytes.substr(banner, 200);
  const size_t version = line.find(kVersion);
  if (version == line.npos) return 0;
  uint32_t minor = 0;
  const char* from = line.data() + version + kVersion.size();
  std::from_chars(from, line.data() + line.size(), minor);
  return minor;
}

CLibrary c_library_of(const ProcessImage& process) {
  const Region* program = nullptr;
  for (const Region& region : process.regions) {
    const std::string_view name = base_name(region.path);
    if (is_glibc_name(name))
      return glibc(region.open_at.empty() ? 0 : glibc_minor_in(bytes_of(region.open_at)));
    if (is_musl_name(name)) return {false, 0, "musl; its locks are not read, only that threads wait"};
    if (program == nullptr && region.path == process.program && !region.open_at.empty()) program = &region;
  }
  // Linked statically: the library is in the program.
  const std::string bytes = program != nullptr ? bytes_of(program->open_at) : std::string();
  if (const uint32_t minor = glibc_minor_in(bytes); minor != 0) return glibc(minor);
  if (bytes.find("GNU C Library") != bytes.npos || bytes.find("GLIBC_TUNABLES") != bytes.npos)
    return glibc(0);
  return {false, 0, "an unknown C library; its locks are not read, only that threads wait"};
}

}  // namespace gordian::capture
