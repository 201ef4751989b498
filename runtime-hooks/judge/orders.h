// The deadlocks that did not happen: what the lock orders of a process say of them as it ends. For a process
// without a launcher, which would read its record and say more.
#pragma once

namespace gordian::hooks {

// Writes those that are possible to standard error, unless it is to be quiet, the first few in full; false
// when there is none. In the judge's memory, under its lock.
bool tell_orders();

}  // namespace gordian::hooks
