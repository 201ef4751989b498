// The process that `gordian watch` is asked to watch: by its pid or by its flight record.
//
// Errors: Refusal or record::RecordError, one line that says what to try instead.
#pragma once

#include <cstdint>
#include <string>

namespace gordian::cli {

struct WatchedProcess {
  uint32_t pid = 0;    // by which /proc knows it
  std::string record;  // path by which its record can be opened
};

// A name of digits alone is a pid.
WatchedProcess find_watched_process(const std::string& name);

}  // namespace gordian::cli
