// Reads of which the trace does not say for certain which write they saw.
//
// A recorder that claims an event's place just before the access knows no more than that the access was made
// before its thread's next event other than a plain access. Where another thread's conflicting access has its
// place within that time, either may have been first: the two are in doubt, and so is every later read of
// the variable. Atomic accesses have their places in one step with themselves.
//
// One that is told of afterwards (kLate) was made after its thread's event before it: the same, the other
// way.
//
// Promises: one walk over the trace. Errs towards doubt. A trace whose accesses all are one step with their
// places holds none.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/predict/dependencies.h"
#include "analyzer/predict/trace.h"

namespace gordian::predict {

class Doubts {
 public:
  Doubts() = default;
  explicit Doubts(const Trace& trace);

  // Whether that part of the trace has a read in doubt.
  bool touch(const std::vector<Prefix>& stops) const;

 private:
  std::vector<uint32_t> first_;  // by thread: the position of its first read in doubt
};

}  // namespace gordian::predict
