// All units of a program, parsed in parallel or taken from the cache.
//
// Promises: one process a job, started once and fed with units; what crashes, or takes more memory or time
// than the bounds say, is a FailedUnit and sinks nothing else. The order of the units is that of the
// database, whatever the number of jobs. A function of a header is in the first unit that has it, and in no
// other.
// Errors: CheckError for the database, and when this build has no reader of units.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "analyzer/static-pass/check.h"
#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check {

struct ReaderBounds {
  uint64_t memory = uint64_t{6} << 30;  // bytes of address space
  unsigned seconds = 600;               // for one unit
};

std::vector<Unit> parse_units(const CheckOptions& options, std::vector<FailedUnit>& failed,
                              size_t& from_cache);

}  // namespace gordian::check
