#include "analyzer/capture/python_process.h"

#include <cstdio>
#include <memory>
#include <set>

#include "analyzer/symbols/elf_image.h"

namespace gordian::capture {
namespace {

using symbols::ElfImage;

constexpr size_t kMostInterpreters = 256;
constexpr size_t kMostPythonThreads = 100'000;

std::string base_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

// An updated package leaves the running program without a name; the kernel still has it.
std::unique_ptr<ElfImage> open_image(const ProcessImage& process, const Region& region) {
  std::string ignored;
  std::unique_ptr<ElfImage> image;
  if (!region.open_at.empty()) image = ElfImage::open(region.open_at, &ignored);
  if (image == nullptr && process.live && region.path == process.program)
    image = ElfImage::open("/proc/" + std::to_string(process.speaker) + "/exe", &ignored);
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

// Of one file: nothing when it has no CPython.
std::optional<PythonSearch> search_file(const ProcessImage& process, const Region& region,
                                        PythonMemory& memory) {
  const std::unique_ptr<ElfImage> image = open_image(process, region);
  if (image == nullptr) return std::nullopt;
  const std::optional<uint64_t> runtime = image->symbol("_PyRuntime");
  const std::vector<uint64_t> biases = image->possible_biases(region.start, region.file_offset);
  if (!runtime || biases.empty()) return std::nullopt;
  PythonSearch result;
  PythonRuntime found;
  found.address = biases.front() + *runtime;
  found.version = version_in_name(base_name(region.path));
  if (const std::optional<uint64_t> version = image->symbol("Py_Version")) {
    const auto value = memory.value<uint32_t>(biases.front() + *version);
    if (!value) {
      result.problem = region.path + " has a CPython, whose memory cannot be read";
      return result;
    }
    found.version = *value;
  }
  if (found.version != 0)
    result.runtime = found;
  else
    result.problem = region.path + " has a CPython whose version is not known";
  return result;
}

}  // namespace

PythonSearch find_python_runtime(const ProcessImage& process, PythonMemory& memory) {
  const std::string deleted = process.program + " (deleted)";
  std::set<std::string> seen;  // a file's lowest region comes first
  for (const Region& region : process.regions) {
    if (region.path.empty() || region.path.front() != '/' || !seen.insert(region.path).second) continue;
    // The interpreter is in the program itself, or in the library that it is linked with or has loaded.
    const bool is_program = region.path == process.program || region.path == deleted;
    if (!is_program && base_name(region.path).find("libpython") == std::string::npos) continue;
    if (std::optional<PythonSearch> found = search_file(process, region, memory)) return std::move(*found);
  }
  return {};
}

std::vector<uint64_t> python_interpreters(PythonMemory& memory, const PythonLayout& layout,
                                          uint64_t runtime) {
  std::vector<uint64_t> found;
  auto interpreter = memory.value<uint64_t>(runtime + layout.first_interpreter);
  while (interpreter && *interpreter != 0 && found.size() < kMostInterpreters) {
    found.push_back(*interpreter);
    interpreter = memory.value<uint64_t>(*interpreter + layout.next_interpreter);
  }
  return found;
}

std::vector<PythonThread> python_threads(const ProcessImage& process, PythonMemory& memory,
                                         const PythonLayout& layout,
                                         const std::vector<uint64_t>& interpreters) {
  std::vector<PythonThread> threads;
  std::set<uint64_t> seen;
  for (const uint64_t interpreter : interpreters) {
    auto state = memory.value<uint64_t>(interpreter + layout.first_thread);
    while (state && *state != 0 && threads.size() < kMostPythonThreads && seen.insert(*state).second) {
      PythonThread& thread = threads.emplace_back();
      thread.state = *state;
      thread.identifier = memory.value<uint64_t>(*state + layout.thread_id).value_or(0);
      const auto native =
          static_cast<uint32_t>(memory.value<uint64_t>(*state + layout.native_thread_id).value_or(0));
      if (process.thread_with_own_tid(native) != nullptr) thread.own_tid = native;
      state = memory.value<uint64_t>(*state + layout.next_thread);
    }
  }
  // Only the thread that forks lives on in the child, and some releases leave it the id that it had in the
  // parent.
  if (threads.size() == 1 && process.threads.size() == 1)
    threads.front().own_tid = process.threads.front().own_tid;
  return threads;
}

}  // namespace gordian::capture
