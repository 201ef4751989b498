// SIGTRAP belongs to us while races are looked for, and the program must not notice.
//
// Promises: what the program installs for SIGTRAP is kept, shown to it when it asks, and called for every
// SIGTRAP that is not ours; without a handler of its own such a signal does what it does without us.
// SIGTRAP is never blocked in fact (a blocked one would come late, and to whoever waits for signals), but
// shown as blocked to a thread that blocked it.
#pragma once

#include <cstdint>

namespace gordian::hooks::races {

// Tags of ours have this in their upper half.
inline constexpr uint64_t kTagMark = uint64_t{0x60d1a900} << 32;

// Takes the signal; false when it cannot be had. In the process's first thread.
bool take_trap_signal();

}  // namespace gordian::hooks::races
