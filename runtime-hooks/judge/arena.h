// The judge's memory: one mapping, filled from the bottom and emptied as a whole. The library's own `operator
// new` allocates from it, so that the standard containers and Boost.Graph can be used inside somebody else's
// process without touching its heap.
//
// Promises: used under the judge's lock alone. When the mapping is full, the current judgement is given up by
// a jump to where it began (nothing in it owns anything but arena memory) and counted; the program notices
// nothing.
#pragma once

#include <csetjmp>
#include <cstddef>

namespace gordian::hooks {

class Arena {
 public:
  // False when there is no memory for it.
  bool prepare();
  void reset() { used_ = 0; }
  void* allocate(size_t size);
  jmp_buf& escape() { return escape_; }

 private:
  static constexpr size_t kSize = size_t{64} << 20;  // reserved, not committed: pages come as they are used
  unsigned char* base_ = nullptr;
  size_t used_ = 0;
  jmp_buf escape_ = {};
};

extern constinit Arena arena;

}  // namespace gordian::hooks
