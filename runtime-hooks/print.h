// Lines of text without an allocator: built in a fixed buffer, written with one system call. What does not
// fit is cut.
#pragma once

#include <cstddef>
#include <cstdint>

namespace gordian::hooks {

// What file stands behind descriptor 2 as the program starts. Nothing is ever written to another: a program
// that closes its standard error may get the number back for a file or a connection of its own.
void remember_stderr();

class Line {
 public:
  Line& add(const char* text);
  Line& add(const char* text, size_t at_most);  // not necessarily terminated; control characters become '?'
  Line& add(uint64_t number);
  Line& add_hex(uint64_t number);
  void copy_to(char* out, size_t size) const;
  void write_to_stderr();
  void clear() { size_ = 0; }
  const char* text() const { return text_; }
  size_t size() const { return size_; }

 private:
  size_t size_ = 0;
  char text_[1024] = {};
};

// The words for -errno; a number where it is none of those that we meet.
const char* error_text(long negative_errno);

}  // namespace gordian::hooks
