// What can be done with whole reports: order their findings, grade them, and merge those of several processes
// into one.
//
// Promises: values in, values out; no I/O. Nothing is dropped by a merge: the same finding of two processes
// becomes one, which keeps the stronger grade, counts its occurrences and names the processes. Two findings
// are the same when rule and fingerprint are equal; a finding without a fingerprint is like no other. A
// process that comes twice (same pid, start and path) is counted once. A finding is suppressed or known only
// when it is so in every report. Suppressed findings count for no grade. Of a thread that several reports
// show the first sight counts.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::finding {

// Rule and fingerprint, or the summary where there is no fingerprint: what tells one finding of a process
// from another.
std::string identity_of(const Finding& finding);

// The strongest grade among the findings that are not suppressed; none when there is no such finding.
std::optional<Grade> worst_grade(const Report& report);

// The findings that are neither suppressed nor known from a baseline, and are graded `floor` or stronger.
size_t count_at_least(const Report& report, Grade floor);

// Strongest grade first, of equals the new before the known; suppressed findings last. Otherwise they keep
// their order.
void sort_findings(std::vector<Finding>& findings);

// The first report's program stays the program of the result, unless it is none and a later one's is (of the
// static pass it is the place of the database, without a pid); the findings come out sorted.
Report merge(std::vector<Report> reports);

}  // namespace gordian::finding
