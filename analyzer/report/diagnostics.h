// Findings as a compiler tells them, for the static pass: editors jump to such lines, and eyes know them.
//
//     bank.cpp:30:31: warning: possible lock-order-inversion: ... [lock-order-inversion]
//        30 |   std::lock_guard<std::mutex> lock_to(to.lock);
//           |                               ^
//     bank.cpp:28:31: note: saver(): acquired from.lock
//
// Promises: as `text.h`. The first line of a finding is where its first side cannot go on, and has the whole
// summary; the notes below it are the ways of all sides, calls before what they lead to. Findings that need
// nothing done (unlikely, known) take one line and come last, suppressed ones are counted; not so with
// `brief` off. The last lines say how many there are and what was not seen.
#pragma once

#include <string>

#include "analyzer/finding/finding.h"
#include "analyzer/report/text_options.h"

namespace gordian::report {

std::string render_diagnostics(const finding::Report& report, const TextOptions& options);

}  // namespace gordian::report
