// One event into the trace of the process, which is made with the first.
//
// Promises: as in trace.h.
#pragma once

#include "analyzer/record/trace_format.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks::to_file {

struct Subject {
  ResourceKind kind = ResourceKind::kNone;
  uint64_t operand = 0;
  uint32_t generation = 0;
  uint32_t size = 0;  // of an access
};

// For the calling thread; nothing where it has no record.
void tell(record::TraceOp op, const Subject& subject, uint64_t site, uint8_t flags = 0);

}  // namespace gordian::hooks::to_file
