// What `gordian report` does once its options are known: read, mark, render, and say by the exit code whether
// something counts.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "analyzer/cli/error.h"
#include "analyzer/cli/input.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/pictures.h"
#include "analyzer/cli/report_options.h"
#include "analyzer/finding/compare.h"
#include "analyzer/finding/exercised.h"
#include "analyzer/finding/merge.h"
#include "analyzer/report/difference.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/json.h"
#include "analyzer/report/lock_order_graph.h"
#include "analyzer/report/sarif.h"
#include "analyzer/report/svg.h"
#include "analyzer/report/text.h"

namespace gordian::cli {
namespace {

std::string source_root_of(const ReportOptions& options) {
  std::error_code error;
  const std::filesystem::path root = options.source_root.empty() ? "." : options.source_root;
  return std::filesystem::absolute(root, error).lexically_normal().string();
}

report::HtmlOptions html_options_of(const ReportOptions& options) {
  return {.stack_depth = options.stack_depth, .base_directory = source_root_of(options)};
}

std::string render(const Reading& reading, const Filters& filters, const ReportOptions& options) {
  auto gone = filters.gone_from(reading.report);
  // What is not there may be in the input that could not be read.
  if (gone && !reading.problems.empty()) gone->clear();
  return render_report(reading.report, std::move(gone), reading.problems, options);
}

void refuse_format(const ReportOptions& options, const char* option, const char* formats) {
  throw Refusal(
      fmt::format("there is no {} of format {}; choose one of {}", option, options.format, formats));
}

void write_baseline(const Reading& reading, const ReportOptions& options) {
  if (options.write_baseline.empty() || reading.problems.empty()) {
    write_baseline(reading.report, options);
  } else {
    tell(fmt::format("gordian: {} is not written, since not every input could be read\n",
                     report::printable(options.write_baseline)));
  }
}

finding::Report read_one(const std::string& input, const ReportOptions& options, Filters& filters) {
  std::vector<finding::Report> reports;
  for (const std::string& path : expand_inputs({input}))
    reports.push_back(read_report(path, {.stack_depth = options.stack_depth}));
  finding::Report report = finding::merge(std::move(reports));
  filters.apply(report);
  return report;
}

}  // namespace

report::TextOptions text_options_of(const ReportOptions& options) {
  report::TextOptions text =
      text_options_for(options.output.empty() ? STDOUT_FILENO : -1, colour_wish_from(options.colour));
  text.stack_depth = options.stack_depth;
  text.brief = !options.verbose;
  text.base_directory = source_root_of(options);
  return text;
}

std::string render_report(const finding::Report& report, std::optional<std::vector<finding::Finding>> gone,
                          const std::vector<std::string>& problems, const ReportOptions& options) {
  if (options.format == "json") return report::render_json(report);
  if (is_picture(options.format)) return render_picture(report, options.format, html_options_of(options));
  if (options.format == "sarif") {
    return report::render_sarif(
        report, {.source_root = source_root_of(options), .gone = std::move(gone), .problems = problems});
  }
  return report::render_text(report, text_options_of(options));
}

std::string render_lock_order(const finding::LockOrder& order, const ReportOptions& options) {
  if (options.format == "json") return report::render_lock_order_json(order);
  if (options.format == "dot") return report::render_lock_order_dot(order);
  if (options.format == "svg") return report::render_lock_order_svg(order);
  return report::render_lock_order_text(order);
}

void check_lock_order_format(const ReportOptions& options) {
  if (options.format == "sarif" || options.format == "html")
    refuse_format(options, "lock-order graph", "text, json, dot, svg");
}

void write_baseline(const finding::Report& report, const ReportOptions& options) {
  if (options.write_baseline.empty()) return;
  write_output(options.write_baseline, report::render_json(finding::reduced_to_baseline(report)));
}

Reading read_all(const std::vector<std::string>& inputs, const ReportOptions& options) {
  Reading reading;
  std::vector<finding::Report> reports;
  for (const std::string& path : expand_inputs(inputs)) {
    try {
      reports.push_back(read_report(path, {.stack_depth = options.stack_depth}));
      ++reading.good;
    } catch (const std::exception& error) {
      tell(fmt::format("gordian: {}\n", report::printable(error.what())));
      reading.problems.push_back(error.what());
    }
  }
  finding::mark_exercised(reports);
  reading.report = finding::merge(std::move(reports));
  return reading;
}

int report_records(const ReportOptions& options) {
  Filters filters(options.filters);
  Reading reading = read_all(options.inputs, options);
  if (reading.good == 0) return kExitError;
  filters.apply(reading.report);
  finding::sort_findings(reading.report.findings);
  write_output(options.output, render(reading, filters, options));
  write_baseline(reading, options);
  if (options.verbose) tell(filters.unused_suppressions());
  if (!reading.problems.empty()) return kExitError;
  return count_at_least(reading.report, options.fail_on) != 0 ? kExitFindings : kExitNothing;
}

// A list, not a judgement: it fails nothing.
int report_lock_order(const ReportOptions& options) {
  check_lock_order_format(options);
  const Reading reading = read_all(options.inputs, options);
  if (reading.good == 0) return kExitError;
  write_output(options.output, render_lock_order(reading.report.lock_order, options));
  return reading.problems.empty() ? kExitNothing : kExitError;
}

int report_difference(const ReportOptions& options) {
  if (options.inputs.size() != 2) {
    throw Refusal(
        fmt::format("--diff compares two inputs, and {} {} given; try gordian report --diff OLD NEW",
                    options.inputs.size(), options.inputs.size() == 1 ? "was" : "were"));
  }
  if (options.format != "text" && options.format != "json")
    refuse_format(options, "difference", "text, json");
  Filters filters(options.filters);
  const finding::Report earlier = read_one(options.inputs[0], options, filters);
  const finding::Report now = read_one(options.inputs[1], options, filters);
  const finding::Difference difference = finding::compare(earlier, now);
  write_output(options.output, options.format == "json"
                                   ? report::render_difference_json(difference)
                                   : report::render_difference_text(difference, text_options_of(options)));
  if (options.verbose) tell(filters.unused_suppressions());
  const bool has_news = count_at_least(difference, options.fail_on) != 0 || !difference.new_orders.empty();
  return has_news ? kExitFindings : kExitNothing;
}

}  // namespace gordian::cli
