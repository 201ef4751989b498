// What was known before: the findings of an earlier report, against which a new one is held.
//
// Promises: values only; no I/O. A finding is known when one of the same rule and fingerprint was there. A
// finding that was `unlikely` then and is more than that now is new: what rules nothing out any more was
// accepted by nobody. A finding without a fingerprint is always new.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::finding {

class KnownFindings {
 public:
  explicit KnownFindings(Report earlier);

  // Marks every finding as known or new.
  void apply(Report& report) const;

  // What was there before and is not in the report.
  std::vector<Finding> gone_from(const Report& report) const;

 private:
  std::map<std::pair<RuleId, std::string>, Finding> findings_;
};

// What a baseline needs of a report, in an order of its own: no pids, addresses, lines or times, so that it
// can lie in version control. Findings without a fingerprint are left out.
Report reduced_to_baseline(const Report& report);

}  // namespace gordian::finding
