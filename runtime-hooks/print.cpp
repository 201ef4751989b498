#include "runtime-hooks/print.h"

#include "runtime-hooks/kernel.h"

namespace gordian::hooks {

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

void Line::write_to_stderr() {
  size_t done = 0;
  while (done < size_) {
    const long n = kernel::write(2, text_ + done, size_ - done);
    if (n <= 0) break;
    done += static_cast<size_t>(n);
  }
  clear();
}

const char* error_text(long negative_errno) {
  switch (-negative_errno) {
    case 1: return "Operation not permitted";
    case 2: return "No such file or directory";
    case 12: return "Cannot allocate memory";
    case 13: return "Permission denied";
    case 17: return "File exists";
    case 20: return "Not a directory";
    case 23: return "Too many open files in system";
    case 24: return "Too many open files";
    case 27: return "File too large";
    case 28: return "No space left on device";
    case 30: return "Read-only file system";
    case 36: return "File name too long";
    case 40: return "Too many levels of symbolic links";
    case 122: return "Disk quota exceeded";
    default: return "the system refused";
  }
}

}  // namespace gordian::hooks
