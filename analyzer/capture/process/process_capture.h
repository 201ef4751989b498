// From processes that nobody watched to a report: looks at them, takes the snapshot, lets the verdict judge
// it, and puts names on everything.
//
// Promises: asks nothing of the processes and changes nothing in them; threads are stopped briefly, for their
// registers, only where their stacks cannot be read otherwise (brief_stop.h). Throws InspectError, one line,
// for what cannot be looked at. Not thread-safe.
#pragma once

#include <chrono>
#include <vector>

#include "analyzer/capture/flight_capture.h"
#include "analyzer/capture/process/process_image.h"

namespace gordian::capture {

struct InspectOptions {
  uint32_t stack_depth = 32;
  std::chrono::milliseconds max_stop{200};  // 0: nothing is stopped
};

ProcessView inspect_processes(std::vector<ProcessImage> processes, const InspectOptions& options);

}  // namespace gordian::capture
