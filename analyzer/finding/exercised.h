// Whether runs came by what the static pass found.
//
// Promises: values in, values out; no I/O. Each lock-order cycle of the static pass is held against what the
// runs of the other reports saw, and says how far they went:
//
//     confirmed        the same cycle happened in a run, or a steered run made it happen
//     observed         runs took the locks in every one of its orders, or told the same inversion
//     never exercised  at least one of its orders was seen in no run
//
// An order is the same when the locks' stable names are, or, where they name classes in one and objects in
// the other, when both stacks stand in the same function at the same line. Without a run nothing is said. A
// finding that says something already keeps the stronger word.
#pragma once

#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::finding {

// Of no thread and no process, and with places that are source lines alone.
bool is_static(const Finding& finding);

// Marks the static findings of all reports by the runs of all reports. To be called before they are merged,
// since a merge makes one of findings with the same fingerprint.
void mark_exercised(std::vector<Report>& reports);

}  // namespace gordian::finding
