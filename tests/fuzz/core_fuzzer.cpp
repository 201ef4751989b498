// libFuzzer: hostile core files against the reader, and against all that is made of what it reads.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <string>

#include "analyzer/capture/process/core_image.h"
#include "analyzer/capture/process/inspect_error.h"
#include "analyzer/capture/process/process_capture.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace gordian::capture;
  static const int file = ::memfd_create("core", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  if (::ftruncate(file, 0) != 0 || ::pwrite(file, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
  try {
    std::vector<ProcessImage> images;
    images.push_back(read_core(path, "", "/nowhere"));
    inspect_processes(std::move(images), {});
  } catch (const InspectError& error) {
    if (std::string(error.what()).find('\n') != std::string::npos) std::abort();
  }
  return 0;
}
