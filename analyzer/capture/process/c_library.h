// Which C library a process runs on, and so how its locks are laid out.
//
// Promises: says what it found and what it had to assume. Locks of another C library than glibc are not read.
#pragma once

#include <string>

#include "analyzer/capture/process/process_image.h"

namespace gordian::capture {

struct CLibrary {
  bool is_glibc = false;
  uint32_t minor = 0;       // of glibc 2.x; 0 when not known
  std::string description;  // "glibc 2.36; its locks are read by the layout of glibc 2.31 to 2.40"
  // Where a condition has the words that its two groups of waiters sleep on, four bytes apart.
  uint64_t condition_signals() const { return has_new_conditions() ? 32 : 40; }
  bool has_new_conditions() const { return minor >= 41; }
};

CLibrary c_library_of(const ProcessImage& process);

// `... version 2.36.` -> 36; for tests.
uint32_t glibc_minor_in(std::string_view bytes);

}  // namespace gordian::capture
