// Before a verdict is told: does the world outside of the record agree?
#pragma once

#include "analyzer/verdict/deadlock.h"

namespace gordian::hooks {

enum class Agreement {
  kYes,
  kNotYet,  // a member is still on its way into the kernel: ask again soon
  kNo,      // something says that the record is out of date
};

// `about_to_block` is the tid of a thread that asks on its own behalf just before it blocks, 0 when there is
// none.
Agreement confirm(const model::Snapshot& snapshot, const verdict::Verdict& verdict, uint32_t about_to_block);

}  // namespace gordian::hooks
