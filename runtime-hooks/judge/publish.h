// A confirmed verdict becomes a finding in the flight record, and is told: to the launcher, or on stderr
// where there is none.
#pragma once

#include "analyzer/verdict/deadlock.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

// Whether this, or something that explains it, has been told already.
bool already_told(const model::Snapshot& snapshot, const verdict::Verdict& verdict);

// Whether a finding says that this wait of the thread's never ends.
bool is_stuck(const model::Thread& thread);

void publish(const model::Snapshot& snapshot, const verdict::Verdict& verdict);

}  // namespace gordian::hooks
