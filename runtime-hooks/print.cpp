#include "runtime-hooks/print.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>

#include "runtime-hooks/kernel.h"

namespace gordian::hooks {

namespace {

struct Identity {
  uint64_t device;
  uint64_t file;
  bool known;
};
constinit Identity at_start{};

Identity behind_stderr() {
  struct stat status {};
  if (raw_syscall(SYS_fstat, 2, reinterpret_cast<long>(&status)) != 0) return {};
  return {status.st_dev, status.st_ino, true};
}

bool stderr_is_ours() {
  const Identity now = behind_stderr();
  return now.known && at_start.known && now.device == at_start.device && now.file == at_start.file;
}

// A pipe that nobody empties must not keep us: the program may be waiting for our thread to end.
bool stderr_takes_more() {
  timespec patience{0, 200'000'000};
  pollfd descriptor{2, POLLOUT, 0};
  return raw_syscall(SYS_ppoll, reinterpret_cast<long>(&descriptor), 1, reinterpret_cast<long>(&patience), 0,
                     0) > 0;
}

constexpr uint64_t kBrokenPipe = uint64_t{1} << (SIGPIPE - 1);

bool is_pending(uint64_t signals) {
  uint64_t pending = 0;
  raw_syscall(SYS_rt_sigpending, reinterpret_cast<long>(&pending), sizeof(pending));
  return (pending & signals) != 0;
}

}  // namespace

void remember_stderr() {
  at_start = behind_stderr();
}

Line& Line::add(const char* text) {
  while (*text != 0 && size_ + 1 < sizeof(text_)) text_[size_++] = *text++;
  text_[size_] = 0;
  return *this;
}

Line& Line::add(const char* text, size_t at_most) {
  for (size_t i = 0; i < at_most && text[i] != 0 && size_ + 1 < sizeof(text_); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    text_[size_++] = c < 32 || c == 127 ? '?' : text[i];
  }
  text_[size_] = 0;
  return *this;
}

Line& Line::add(uint64_t number) {
  char digits[24];
  size_t n = 0;
  do {
    digits[n++] = static_cast<char>('0' + number % 10);
    number /= 10;
  } while (number != 0);
  while (n > 0 && size_ + 1 < sizeof(text_)) text_[size_++] = digits[--n];
  text_[size_] = 0;
  return *this;
}

Line& Line::add_hex(uint64_t number) {
  add("0x");
  bool started = false;
  for (int shift = 60; shift >= 0; shift -= 4) {
    const unsigned digit = number >> shift & 15;
    started = started || digit != 0 || shift == 0;
    if (started && size_ + 1 < sizeof(text_)) text_[size_++] = "0123456789abcdef"[digit];
  }
  text_[size_] = 0;
  return *this;
}

void Line::copy_to(char* out, size_t size) const {
  size_t n = size_ < size - 1 ? size_ : size - 1;
  __builtin_memcpy(out, text_, n);
  out[n] = 0;
}

// Signals are blocked meanwhile, and the one that a reader's end raises is taken back: it is not the program
// that wrote.
void Line::write_to_stderr() {
  const uint64_t signals = kernel::block_signals();
  const bool had_broken_pipe = is_pending(kBrokenPipe);
  size_t done = 0;
  while (done < size_ && stderr_is_ours() && stderr_takes_more()) {
    const long n = kernel::write(2, text_ + done, size_ - done);
    if (n <= 0) break;
    done += static_cast<size_t>(n);
  }
  if (!had_broken_pipe && is_pending(kBrokenPipe)) {
    const timespec no_time{};
    raw_syscall(SYS_rt_sigtimedwait, reinterpret_cast<long>(&kBrokenPipe), 0,
                reinterpret_cast<long>(&no_time), sizeof(kBrokenPipe));
  }
  kernel::restore_signals(signals);
  clear();
}

const char* error_text(long negative_errno) {
  switch (-negative_errno) {
    case 1:
      return "Operation not permitted";
    case 2:
      return "No such file or directory";
    case 95:
      return "Operation not supported";
    case 12:
      return "Cannot allocate memory";
    case 13:
      return "Permission denied";
    case 17:
      return "File exists";
    case 20:
      return "Not a directory";
    case 23:
      return "Too many open files in system";
    case 24:
      return "Too many open files";
    case 27:
      return "File too large";
    case 28:
      return "No space left on device";
    case 30:
      return "Read-only file system";
    case 36:
      return "File name too long";
    case 40:
      return "Too many levels of symbolic links";
    case 122:
      return "Disk quota exceeded";
    default:
      return "the system refused";
  }
}

}  // namespace gordian::hooks
