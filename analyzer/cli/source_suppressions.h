// The suppressions in the source files that findings point into.
//
// Promises: each file is read once; one that cannot be read has none. Writes what is wrong with some to
// standard error, one line each.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::cli {

// Marks the findings of the report. Besides their files those of `more` are read.
// Returns a line for each suppression that matched nothing and is about one of `rules`.
std::vector<std::string> apply_source_suppressions(finding::Report& report,
                                                   const std::vector<std::string>& more,
                                                   const std::set<finding::RuleId>& rules);

// The source files that a compilation database names, or none when it cannot be read.
std::vector<std::string> files_of_database(const std::string& database);

}  // namespace gordian::cli
