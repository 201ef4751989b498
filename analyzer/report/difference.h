// What two reports differ in, as text and as JSON.
//
// Promises: as `text.h` and `json.h`; the first line of the text has the numbers.
#pragma once

#include <string>

#include "analyzer/finding/compare.h"
#include "analyzer/report/text_options.h"

namespace gordian::report {

std::string render_difference_text(const finding::Difference& difference, const TextOptions& options);

// {"schema": "gordian-difference/1", "new_findings", "gone_findings", "new_lock_orders", "gone_lock_orders"}
std::string render_difference_json(const finding::Difference& difference);

}  // namespace gordian::report
