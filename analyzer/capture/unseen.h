// What the runtime counted as not seen, in plain words: what, why, and what it means for the reader of the
// report.
#pragma once

#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

// Only what was counted at least once, in the order of record::Unseen.
std::vector<finding::Unseen> unseen_of(const record::Record& record);

}  // namespace gordian::capture
