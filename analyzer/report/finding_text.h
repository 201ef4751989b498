// Parts of a finding's text that its several renderings share.
#pragma once

#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/report/writer.h"

namespace gordian::report {

// Why the grade, what came of trying, whether runs went there, why it is suppressed.
void write_reasons(Writer& writer, const finding::Finding& finding);

// The same after the four conditions and the schedule, where there are some.
void write_proof(Writer& writer, const finding::Finding& finding);

void write_fix(Writer& writer, const finding::Finding& finding);
void write_fingerprint(Writer& writer, const finding::Finding& finding);
void write_unseen(Writer& writer, const std::vector<finding::Unseen>& unseen);

}  // namespace gordian::report
