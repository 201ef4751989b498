// The stack of a thread that waits, captured by the judge into the thread's record.
#pragma once

#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

// Once per wait: the frames stay there for as long as it waits. Nothing is kept when the thread has moved on
// from that attempt. Under the judge's lock.
void capture_stack(ThreadRecord& thread, uint64_t attempts);

}  // namespace gordian::hooks
