// The table of findings in the flight record: the judge and the hooks write to it.
//
// Promises: a slot is given out once and read by nobody until it is published, and then stays as it is.
// Any thread; takes a CriticalSection.
#pragma once

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

// A slot, all zeros; null when there is none left, which is counted in Unseen::kFindings.
record::FindingRecord* claim_finding();

// With what the record needs so that its addresses can be named later. The finding is then there for every
// reader.
void publish_finding(record::FindingRecord& finding);

}  // namespace gordian::hooks
