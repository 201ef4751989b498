// Wrong calls as findings.
//
// Promises: the first step is the thread that made the call; a further one is a thread that waits, where the
// call hurts one. No four conditions: these are not about deadlock.
#pragma once

#include "analyzer/capture/scene.h"

namespace gordian::capture {

std::vector<finding::Finding> misuse_findings(const record::Record& record, const Scene& scene,
                                              AddressNames& names, uint32_t stack_depth);

}  // namespace gordian::capture
