// The step of a finding that is about one wrong call: what the thread does, to which lock, who has that and
// since where.
#pragma once

#include "analyzer/finding/finding.h"
#include "analyzer/report/writer.h"

namespace gordian::report {

void write_call(Writer& writer, size_t indent, finding::RuleId rule, const finding::Step& step);

}  // namespace gordian::report
