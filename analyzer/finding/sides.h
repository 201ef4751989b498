// Names for the sides of a finding of the static pass, which knows entry functions and no threads.
//
// Promises: afterwards the threads without an id have names that differ within the finding, as renderers need
// them to tell the sides apart. Where they do already, nothing changes. A finding with one step is left
// alone.
#pragma once

#include "analyzer/finding/finding.h"

namespace gordian::finding {

// `side 1` for one without a name; `worker() (side 2)` where two have the same.
void name_sides(Finding& finding);

}  // namespace gordian::finding
