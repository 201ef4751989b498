// Races that the watched process told, as findings.
//
// Promises: two steps, the earlier access first, each with its stack, its locks and the memory by name: a
// global variable, a block of the heap by where it was allocated, a thread's stack. Races between the same
// lines about the same variable are one finding, as often as they all occurred. Plain data.
#pragma once

#include "analyzer/capture/scene.h"

namespace gordian::capture {

std::vector<finding::Finding> race_findings(const record::Record& record, const Scene& scene,
                                            AddressNames& names, uint32_t stack_depth);

// Of the variable and the program's own functions that use it; of a race in a trace, too.
std::string fingerprint_of_race(const finding::Finding& finding);

}  // namespace gordian::capture
