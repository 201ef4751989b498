// The call stack of a thread from its registers and its memory, by the unwind tables of the mapped files.
//
// Promises: asks nothing of the process but memory; needs no symbols. A stack that cannot be followed to its
// end comes back as far as it could be, with `complete` false. Bounded. Source: elfutils libdwfl.
#pragma once

#include <memory>
#include <vector>

#include "analyzer/capture/process/process_image.h"

namespace gordian::capture {

struct UnwoundStack {
  std::vector<uint64_t> addresses;  // where the thread is, then return addresses
  bool complete = false;
};

class Unwinder {
 public:
  explicit Unwinder(const ProcessImage& process);
  ~Unwinder();

  UnwoundStack unwind(const Registers& registers);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gordian::capture
