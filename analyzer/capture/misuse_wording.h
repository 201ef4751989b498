// A wrong call in English: the summary, why it is not more than inferred, and what to do about it.
//
// Promises: every sentence names threads and locks; none claims more than was seen. Decides nothing.
#pragma once

#include "analyzer/capture/misuse.h"

namespace gordian::capture {

// One sentence: `"writer" unlocks journal_lock, which "reader" holds.`
std::string summary(const Misuse& misuse);

// What the finding rests on where the lock itself does not say it; empty when it is proven.
std::string grade_reason(const Misuse& misuse);

std::string fix(const Misuse& misuse);

}  // namespace gordian::capture
