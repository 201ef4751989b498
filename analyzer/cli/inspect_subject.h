// What `gordian inspect` is given: pids, cores and flight records, and what they stand for together.
//
// Errors: Refusal, record::RecordError or capture::InspectError, one line that names the input.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/capture/flight_capture.h"

namespace gordian::cli {

struct InspectSubject {
  std::vector<std::string> inputs;  // as they were given
  std::string all_of;               // every process of that name
  bool children = false;            // and all descendants of the pids
  bool no_stop = false;
  uint32_t max_stop_ms = 200;
  uint32_t stack_depth = 16;
  std::string sysroot;  // where the files of a core's machine are, when not under /
};

capture::ProcessView read_subject(const InspectSubject& subject);

}  // namespace gordian::cli
