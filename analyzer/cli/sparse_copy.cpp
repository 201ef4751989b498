#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/run_directory.h"

namespace gordian::cli {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) : value_(value) {}
  ~Descriptor() { reset(); }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int get() const { return value_; }
  int reset() {
    const int result = value_ >= 0 ? close(value_) : 0;
    value_ = -1;
    return result;
  }

 private:
  int value_;
};

// Each function here returns 0 or the error number.
int copy_range(int source, int target, off_t start, off_t end) {
  std::array<char, 64 << 10> buffer;
  while (start < end) {
    const size_t wanted = std::min<size_t>(buffer.size(), static_cast<size_t>(end - start));
    const ssize_t got = pread(source, buffer.data(), wanted, start);
    if (got < 0) return errno;
    if (got == 0) return 0;  // the file became shorter meanwhile
    for (ssize_t done = 0; done < got;) {
      const ssize_t put = pwrite(target, buffer.data() + done, static_cast<size_t>(got - done), start + done);
      if (put < 0) return errno;
      done += put;
    }
    start += got;
  }
  return 0;
}

int copy_data(int source, int target) {
  struct stat status {};
  if (fstat(source, &status) != 0) return errno;
  const off_t size = status.st_size;
  if (ftruncate(target, size) != 0) return errno;
  for (off_t start = 0; start < size;) {
    const off_t data = lseek(source, start, SEEK_DATA);
    if (data < 0 && errno == ENXIO) return 0;  // only a hole is left
    if (data < 0) return errno == EINVAL ? copy_range(source, target, start, size) : errno;
    const off_t hole = lseek(source, data, SEEK_HOLE);
    if (hole < 0) return errno;
    if (const int error = copy_range(source, target, data, hole); error != 0) return error;
    start = hole;
  }
  return 0;
}

}  // namespace

void copy_sparsely(const std::string& source, const std::string& target) {
  const std::string temporary = target + ".part";
  const Descriptor from(open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (from.get() < 0)
    throw Refusal(fmt::format("cannot read {}: {}; it may have been removed", source, error_text(errno)));
  Descriptor to(open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  int error = to.get() < 0 ? errno : copy_data(from.get(), to.get());
  if (to.reset() != 0 && error == 0) error = errno;
  if (error == 0 && rename(temporary.c_str(), target.c_str()) != 0) error = errno;
  if (error != 0) {
    unlink(temporary.c_str());
    throw Refusal(fmt::format("cannot write {}: {}; make room there or choose another --report-dir", target,
                              error_text(error)));
  }
}

}  // namespace gordian::cli
