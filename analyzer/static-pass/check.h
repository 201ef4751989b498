// The static pass as a whole: a compilation database in, findings out.
//
// Promises: parses every unit once, in worker processes or threads, and links what they say. A unit that does
// not parse is told in `failed` and sinks nothing. The findings, their order and their fingerprints do not
// depend on the number of jobs, on the order of the database, on line numbers or on what the cache held.
// Errors: CheckError, one line: what, where, what next.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::check {

struct CheckError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct CheckOptions {
  std::string database;            // a compile_commands.json, or a directory that has one
  std::vector<std::string> files;  // only these units, as named by the user; empty: all
  unsigned jobs = 0;               // 0: one a processor
  std::string cache_directory;     // empty: nothing is kept
  std::vector<std::string> model_files;
  std::set<finding::RuleId> rules;                          // empty: all
  std::function<void(size_t done, size_t total)> progress;  // called from one thread at a time; may be empty
};

struct FailedUnit {
  std::string file;
  std::string error;  // "12:3: expected ';'"
};

struct CheckResult {
  finding::Report report;  // findings, lock_order and unseen
  std::vector<FailedUnit> failed;
  size_t units = 0;
  size_t from_cache = 0;
};

CheckResult check(const CheckOptions& options);

}  // namespace gordian::check
