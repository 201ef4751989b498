// A whole process in words: its program, what was not seen, every thread with its wait and holds, and a
// finding for each claim.
#pragma once

#include <vector>

#include "analyzer/capture/claim.h"
#include "analyzer/capture/flight_capture.h"
#include "analyzer/capture/scene.h"

namespace gordian::capture {

// Findings and threads; what the program is and what was not seen is the caller's to say.
ProcessView describe(const std::vector<Claim>& claims, const Scene& scene);

// Everything but `running`, which only the caller knows.
ProcessView describe(const record::Record& record, const std::vector<Claim>& claims, const Scene& scene);

}  // namespace gordian::capture
