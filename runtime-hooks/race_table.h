// The table of races in the flight record: in the two libraries that look for them.
//
// Promises: as finding_table.h: a slot is given out once and read by nobody until it is published. Any
// thread; takes a CriticalSection.
#pragma once

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

// A slot, all zeros; null when there is none left, which is counted in Unseen::kRaces.
record::RaceRecord* claim_race();

// With what the record needs so that its addresses can be named later.
void publish_race(record::RaceRecord& race);

}  // namespace gordian::hooks
