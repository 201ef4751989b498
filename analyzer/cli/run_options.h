// What `gordian run` was asked for, and the decisions that follow from it alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/cli/filters.h"
#include "analyzer/cli/follower.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/trace_files.h"
#include "analyzer/finding/finding.h"

namespace gordian::cli {

struct RunOptions {
  std::string report_directory;  // empty: none was asked for
  OnDeadlock on_deadlock = OnDeadlock::kReport;
  std::optional<int> error_exit_code;
  finding::Grade fail_on = finding::Grade::kPossible;
  FilterOptions filters;
  bool quiet = false;
  bool verbose = false;
  bool follow = true;
  uint32_t stack_depth = 16;
  ColourWish colour = ColourWish::kAuto;
  std::optional<std::string> trace_file;  // as it was asked for
  uint32_t trace_limit_mib = kUsualTraceLimit;
  bool races = false;
  uint32_t race_overhead = 5;        // percent
  std::string race_sites;            // a report of the static pass; empty: none
  std::vector<std::string> program;  // its name and arguments
};

// The value of GORDIAN_OPTIONS: key=value, separated by colons. `trace_path` is empty where none is recorded.
std::string hooks_options(const RunOptions& options, const std::string& run_directory,
                          const std::string& trace_path = "");

// The program's own exit code, unless --error-exitcode says otherwise about these findings.
int final_exit_code(const RunOptions& options, int wait_status, const finding::Report& report);

// Runs the program under watch; returns the exit code. Throws Refusal before the program starts, never
// afterwards.
int run_program(const RunOptions& options);

}  // namespace gordian::cli
