#include "analyzer/cli/hooks_library.h"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "analyzer/cli/error.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

struct Library {
  const char* target;  // of the build
  const char* file;
};

Library library_of(HooksLibrary which) {
  switch (which) {
    case HooksLibrary::kTracing:
      return {"gordian-trace-hooks", "libgordian-trace-hooks.so"};
    case HooksLibrary::kSampling:
      return {"gordian-race-hooks", "libgordian-race-hooks.so"};
    case HooksLibrary::kInstrumented:
      return {"gordian-tsan", "tsan/libtsan.so.2"};
    case HooksLibrary::kTracingInstrumented:
      return {"gordian-trace-tsan", "tsan/trace/libtsan.so.2"};
    case HooksLibrary::kOrdinary:
      break;
  }
  return {"gordian-hooks", "libgordian-hooks.so"};
}

}  // namespace

std::string find_hooks_library(const std::string& directory, HooksLibrary which) {
  const std::string name = library_of(which).file;
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
                  name, directory, library_of(which).target));
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
