// What the user has said about findings beforehand: suppressions, and a baseline.
//
// Promises: everything is read and checked by the constructor, before anything else is done; afterwards
// nothing fails. Not thread-safe.
// Errors: Refusal, one line that names the file, and the line in it where there is one.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/finding/known_findings.h"
#include "analyzer/finding/suppressions.h"

namespace CLI {
class App;
}

namespace gordian::cli {

struct FilterOptions {
  std::vector<std::string> suppressions;       // files
  std::vector<std::string> tsan_suppressions;  // files of ThreadSanitizer
  std::string baseline;                        // a report.json or SARIF of gordian; empty: none
};

// The same three options for every command that has findings.
void add_filter_options(CLI::App& command, FilterOptions& options);

class Filters {
 public:
  explicit Filters(const FilterOptions& options);

  // Marks findings as suppressed and as known or new.
  void apply(finding::Report& report);

  // What the baseline had and the report has not; none without a baseline.
  std::optional<std::vector<finding::Finding>> gone_from(const finding::Report& report) const;

  // Lines to tell: the suppressions that have matched nothing so far.
  std::string unused_suppressions() const;

 private:
  finding::Suppressions suppressions_;
  std::optional<finding::KnownFindings> known_;
};

}  // namespace gordian::cli
