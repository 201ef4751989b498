#include "analyzer/capture/python_process.h"

#include <cctype>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

#include "analyzer/symbols/elf_image.h"

namespace gordian::capture {
namespace {

using symbols::ElfImage;

struct MappedFile {
  std::string path;
  uint64_t start = 0;  // of its lowest mapping
  uint64_t file_offset = 0;
  std::string range;  // as /proc/PID/map_files names it
};

std::string proc(uint32_t pid, const std::string& name) {
  return "/proc/" + std::to_string(pid) + "/" + name;
}

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// The lowest mapping of each file, in the order of the addresses.
std::optional<std::vector<MappedFile>> mapped_files(uint32_t pid, std::string* reason) {
  std::ifstream maps(proc(pid, "maps"));
  std::vector<MappedFile> files;
  bool read_any = false;
  for (std::string line; std::getline(maps, line); read_any = true) {
    unsigned long start = 0;
    unsigned long end = 0;
    unsigned long offset = 0;
    int path_at = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx %*s %lx %*s %*s %n", &start, &end, &offset, &path_at) < 3)
      continue;
    const std::string path = line.substr(static_cast<size_t>(path_at));
    if (path.empty() || path.front() != '/') continue;
    bool is_known = false;
    for (const MappedFile& file : files) is_known = is_known || file.path == path;
    if (!is_known) files.push_back({path, start, offset, line.substr(0, line.find(' '))});
  }
  if (read_any) return files;
  std::error_code ignored;
  const std::string process = "process " + std::to_string(pid);
  if (!std::filesystem::exists(proc(pid, ""), ignored)) {
    *reason = "there is no " + process;
  } else {
    *reason = "the memory map of " + process + " cannot be read: it has ended, or belongs to another user";
  }
  return std::nullopt;
}

// An updated package leaves the running file without a name; the kernel still has it.
std::unique_ptr<ElfImage> open_image(uint32_t pid, const MappedFile& file, bool is_executable) {
  std::string ignored;
  if (is_executable) return ElfImage::open(proc(pid, "exe"), &ignored);
  std::unique_ptr<ElfImage> image = ElfImage::open(proc(pid, "map_files/" + file.range), &ignored);
  if (image == nullptr && !file.path.ends_with(" (deleted)")) {
    image = ElfImage::open(proc(pid, "root") + file.path, &ignored);
  }
  return image;
}

// `libpython3.9.so.1.0`, `python3.9` -> 0x03090000; 0 when the name has no version.
uint32_t version_in_name(const std::string& name) {
  const size_t at = name.find("python");
  unsigned major = 0;
  unsigned minor = 0;
  if (at == std::string::npos || std::sscanf(name.c_str() + at, "python%2u.%3u", &major, &minor) != 2)
    return 0;
  return major << 24 | minor << 16;
}

std::string why_unreadable(uint32_t pid, int failure) {
  const std::string process = "process " + std::to_string(pid);
  if (failure == EPERM || failure == EACCES) {
    return "no permission to read the memory of " + process +
           ": run as the same user or as root, and see kernel.yama.ptrace_scope";
  }
  return "the memory of " + process + " cannot be read: " + std::strerror(failure);
}

}  // namespace

std::optional<PythonRuntime> find_python_runtime(uint32_t pid, PythonMemory& memory, std::string* reason) {
  const std::optional<std::vector<MappedFile>> files = mapped_files(pid, reason);
  if (!files) return std::nullopt;
  std::error_code failed;
  const std::string executable = std::filesystem::read_symlink(proc(pid, "exe"), failed).string();
  for (const MappedFile& file : *files) {
    const std::string name = base_name(file.path);
    const bool is_executable = file.path == executable;
    // The interpreter is in the program itself, or in the library that it is linked with or has loaded.
    if (!is_executable && name.find("libpython") == std::string::npos) continue;
    const std::unique_ptr<ElfImage> image = open_image(pid, file, is_executable);
    if (image == nullptr) continue;
    const std::optional<uint64_t> runtime = image->symbol("_PyRuntime");
    const std::vector<uint64_t> biases = image->possible_biases(file.start, file.file_offset);
    if (!runtime || biases.empty()) continue;
    PythonRuntime found;
    found.address = biases.front() + *runtime;
    found.version = version_in_name(name);
    if (const std::optional<uint64_t> version = image->symbol("Py_Version")) {
      const auto value = memory.value<uint32_t>(biases.front() + *version);
      if (!value) {
        *reason = why_unreadable(pid, memory.failure());
        return std::nullopt;
      }
      found.version = *value;
    }
    if (found.version != 0) return found;
    *reason = file.path + " has a CPython whose version is not known";
    return std::nullopt;
  }
  *reason = "no CPython with a visible _PyRuntime in process " + std::to_string(pid);
  return std::nullopt;
}

std::map<uint64_t, uint32_t> native_threads(uint32_t pid) {
  std::map<uint64_t, uint32_t> threads;
  std::error_code failed;
  for (std::filesystem::directory_iterator at(proc(pid, "task"), failed), end; !failed && at != end;
       at.increment(failed)) {
    const auto tid = static_cast<uint32_t>(std::strtoul(at->path().filename().c_str(), nullptr, 10));
    uint64_t inner = tid;
    std::ifstream status(at->path() / "status");
    for (std::string line; std::getline(status, line);) {
      if (line.compare(0, 6, "NSpid:") != 0) continue;
      std::istringstream ids(line.substr(6));
      for (uint64_t id = 0; ids >> id;) inner = id;  // the innermost namespace comes last
      break;
    }
    threads[inner] = tid;
  }
  return threads;
}

}  // namespace gordian::capture
