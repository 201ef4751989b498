#include "analyzer/cli/hooks_library.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "analyzer/cli/error.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

// The targets of the build, which the files are called after.
const char* target_of(HooksLibrary which) {
  switch (which) {
    case HooksLibrary::kTracing:
      return "gordian-trace-hooks";
    case HooksLibrary::kRaces:
      return "gordian-race-hooks";
    case HooksLibrary::kOrdinary:
      break;
  }
  return "gordian-hooks";
}

}  // namespace

std::string find_hooks_library(const std::string& directory, HooksLibrary which) {
  const std::string name = fmt::format("lib{}.so", target_of(which));
  const fs::path here(directory);
  const fs::path candidates[] = {
      here / name,
      here / ".." / GORDIAN_LIBRARY_DIRECTORY / "gordian" / name,
      here / ".." / "lib" / GORDIAN_TRIPLET / "gordian" / name,
      here / ".." / "lib" / "gordian" / name,
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
      fmt::format("{} is neither in {} nor in ../lib/gordian beside it; build the target {}, "
                  "or install gordian again",
                  name, directory, target_of(which)));
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
