// What `gordian report` was asked for, and the parts that do it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/cli/filters.h"
#include "analyzer/finding/finding.h"
#include "analyzer/report/text_options.h"

namespace CLI {
class App;
}

namespace gordian::cli {

struct ReportOptions {
  std::vector<std::string> inputs;
  std::string format = "text";
  std::string output;
  std::string source_root;  // empty: the current directory
  std::string write_baseline;
  finding::Grade fail_on = finding::Grade::kPossible;
  FilterOptions filters;
  bool diff = false;
  bool lock_order_graph = false;
  bool verbose = false;
  uint32_t stack_depth = 16;
  std::string colour = "auto";
};

// The options that `gordian check` has as well.
void add_output_options(CLI::App& command, ReportOptions& options);
void add_fail_on_option(CLI::App& command, std::string& grade);

// Several inputs as one report. A bad input is told, and the others are still read.
struct Reading {
  finding::Report report;
  size_t good = 0;
  std::vector<std::string> problems;
};

Reading read_all(const std::vector<std::string>& inputs, const ReportOptions& options);

report::TextOptions text_options_of(const ReportOptions& options);

// In the format that was asked for. `gone` is what a baseline had besides, `problems` why some input could
// not be read.
std::string render_report(const finding::Report& report, std::optional<std::vector<finding::Finding>> gone,
                          const std::vector<std::string>& problems, const ReportOptions& options);
std::string render_lock_order(const finding::LockOrder& order, const ReportOptions& options);

// Throws Refusal when the graph cannot be had in the format that was asked for.
void check_lock_order_format(const ReportOptions& options);

// To the file that was asked for, if one was.
void write_baseline(const finding::Report& report, const ReportOptions& options);

// Each returns the exit code.
int report_records(const ReportOptions& options);
int report_lock_order(const ReportOptions& options);
int report_difference(const ReportOptions& options);

}  // namespace gordian::cli
