#include "analyzer/cli/hooks_library.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "analyzer/cli/error.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kLibraryName = "libgordian-hooks.so";

}  // namespace

std::string find_hooks_library(const std::string& directory) {
  const fs::path here(directory);
  const fs::path candidates[] = {
      here / kLibraryName,
      here / ".." / GORDIAN_LIBRARY_DIRECTORY / "gordian" / kLibraryName,
      here / ".." / "lib" / GORDIAN_TRIPLET / "gordian" / kLibraryName,
      here / ".." / "lib" / "gordian" / kLibraryName,
  };
  for (const fs::path& candidate : candidates) {
    std::error_code error;
    const fs::path found = fs::canonical(candidate, error);
    if (error || access(found.c_str(), R_OK) != 0) continue;
    if (found.string().find_first_of(" :") != std::string::npos) {
      throw Refusal(
          fmt::format("{} has a space or colon in its path, and LD_PRELOAD allows neither; "
                      "move gordian to another directory",
                      found.string()));
    }
    return found.string();
  }
  throw Refusal(
      fmt::format("{} is neither in {} nor in ../lib/gordian beside it; build the target gordian-hooks, "
                  "or install gordian again",
                  kLibraryName, directory));
}

std::string own_directory() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error)
    throw Refusal("cannot read /proc/self/exe to find the hooks: " + error.message() + "; mount /proc");
  return self.parent_path().string();
}

std::string preload_value(const std::string& library, const char* existing) {
  if (existing == nullptr || *existing == '\0') return library;
  return library + ':' + existing;
}

}  // namespace gordian::cli
