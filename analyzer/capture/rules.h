// The rules and grades of the flight record as those of findings.
#pragma once

#include "analyzer/finding/finding.h"
#include "analyzer/record/flight_record.h"

namespace gordian::capture {

finding::RuleId rule_of(record::Rule rule);
finding::Grade grade_of(record::Grade grade);

}  // namespace gordian::capture
