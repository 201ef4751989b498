#include "analyzer/predict/trace_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>

#include "analyzer/predict/std_trace_reader.h"
#include "analyzer/predict/trace_reader.h"
#include "analyzer/record/trace_format.h"

namespace gordian::predict {
namespace {

class File {
 public:
  explicit File(const std::string& path) : path_(path) {
    do {
      descriptor_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY);
    } while (descriptor_ < 0 && errno == EINTR);
    if (descriptor_ < 0) fail("cannot be opened");
    struct stat status;
    if (::fstat(descriptor_, &status) == 0 && S_ISDIR(status.st_mode)) {
      ::close(descriptor_);
      throw TraceError(on_one_line(path) + ": is a directory, not a trace; name one of the files in it");
    }
  }
  ~File() { ::close(descriptor_); }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  size_t read(char* to, size_t size) const {
    for (;;) {
      const ssize_t got = ::read(descriptor_, to, size);
      if (got >= 0) return static_cast<size_t>(got);
      if (errno != EINTR) fail("cannot be read");
    }
  }

 private:
  [[noreturn]] void fail(const char* what) const {
    throw TraceError(on_one_line(path_) + ": " + what + ": " + std::generic_category().message(errno) +
                     "; give a trace in RAPID's text format, or one that gordian recorded");
  }

  std::string path_;
  int descriptor_ = -1;
};

}  // namespace

std::string on_one_line(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return result;
}

Trace read_trace(const std::string& path) {
  const File file(path);
  // The first bytes decide; they are then given again.
  char first[sizeof record::kTraceMagic];
  size_t held = 0;
  while (held < sizeof first) {
    const size_t got = file.read(first + held, sizeof first - held);
    if (got == 0) break;
    held += got;
  }
  size_t given = 0;
  const ByteSource source = [&](char* to, size_t size) {
    if (given == held) return file.read(to, size);
    const size_t part = std::min(size, held - given);
    std::memcpy(to, first + given, part);
    given += part;
    return part;
  };
  const bool is_own = held == sizeof first && std::memcmp(first, record::kTraceMagic, sizeof first) == 0;
  Trace trace = is_own ? read_own_trace(source, path) : read_std_trace(source, path);
  trace.path = path;
  return trace;
}

}  // namespace gordian::predict
