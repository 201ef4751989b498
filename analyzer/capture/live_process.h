// Whether the process of a record still runs, and what it has mapped.
//
// Promises: never mistakes another process for it. A pid is used again, so its start must not be later than
// the record's, and a module of the record must still be mapped where the record says. Reads /proc alone;
// asks nothing of the process.
#pragma once

#include <string>
#include <vector>

#include "analyzer/record/reader.h"
#include "analyzer/symbols/symbolizer.h"

namespace gordian::capture {

struct LiveProcess {
  bool running = false;
  std::vector<symbols::Mapping> mappings;  // files only; empty when they may not be read
};

// `proc` is where procfs is mounted; a parameter for tests.
LiveProcess find_live_process(const record::Record& record, const std::string& proc = "/proc");

// The files that /proc/PID/maps lists.
std::vector<symbols::Mapping> parse_maps(const std::string& text);

// The mappings that the record keeps, for when the process is gone.
std::vector<symbols::Mapping> recorded_mappings(const record::Record& record);

}  // namespace gordian::capture
