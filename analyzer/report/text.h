// Reports as text, for people: what is stuck, where, who holds what, how sure that is, and what to do.
//
// Promises: reads its argument and the source files that frames name, and nothing else; writes nowhere. The
// first line of a finding says what it is; the first line of a report says how many there are, or that
// something was not seen. Names of the watched program come out printable, hostile ones too. The wording is
// for eyes: scripts read the JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/report/text_options.h"

namespace gordian::report {

std::string render_text(const finding::Report& report, const TextOptions& options);

std::string render_finding_text(const finding::Finding& finding, const TextOptions& options);

// One thread of a process: its state, what it holds and what it waits for.
std::string render_thread_text(const finding::ThreadView& view, const TextOptions& options);

// The threads of a report of `gordian inspect` that no finding shows; those that stand at the same place and
// hold nothing are shown once. Empty when there are none.
std::string render_other_threads_text(const finding::Report& report, const TextOptions& options);

// The first line of a report: `2 findings, the strongest proven`, or `no findings, but 3 things were not
// seen:`.
std::string headline(const finding::Report& report);

}  // namespace gordian::report
