#include "analyzer/cli/filters.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "analyzer/cli/error.h"
#include "analyzer/cli/input.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/json.h"
#include "analyzer/report/sarif.h"

namespace gordian::cli {
namespace {

finding::Report read_baseline(const std::string& path) {
  const std::string text = read_text(path);
  try {
    return report::looks_like_sarif(text) ? report::parse_sarif(text) : report::parse_json(text);
  } catch (const report::ReportError& error) {
    throw Refusal(fmt::format(
        "the baseline {}: {}; make one with gordian report --write-baseline FILE, or give a report.json",
        path, error.what()));
  }
}

template <typename Parse>
std::vector<finding::Suppression> read_suppressions(const std::string& path, Parse parse) {
  const std::string text = read_text(path);
  try {
    return parse(text, path);
  } catch (const finding::SuppressionError& error) {
    throw Refusal(error.what());
  }
}

}  // namespace

void add_filter_options(CLI::App& command, FilterOptions& options) {
  command
      .add_option("--suppressions", options.suppressions,
                  "Findings that are not to count, one RULE:PATTERN REASON a line; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--tsan-suppressions", options.tsan_suppressions,
                  "The same from a file of ThreadSanitizer: its deadlock: lines, for lock orders")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command
      .add_option("--baseline", options.baseline,
                  "An earlier report, JSON or SARIF: findings that were in it are known and do not count")
      ->type_name("FILE");
}

Filters::Filters(const FilterOptions& options) {
  for (const std::string& path : options.suppressions)
    suppressions_.add(read_suppressions(path, finding::parse_suppressions));
  for (const std::string& path : options.tsan_suppressions)
    suppressions_.add(read_suppressions(path, finding::parse_tsan_suppressions));
  if (!options.baseline.empty()) known_.emplace(read_baseline(options.baseline));
}

void Filters::apply(finding::Report& report) {
  suppressions_.apply(report);
  if (known_) known_->apply(report);
}

std::optional<std::vector<finding::Finding>> Filters::gone_from(const finding::Report& report) const {
  if (!known_) return std::nullopt;
  return known_->gone_from(report);
}

std::string Filters::unused_suppressions() const {
  std::string result;
  for (const finding::Suppression& each : suppressions_.unused()) {
    result += fmt::format("gordian: {}: this suppression matched nothing: {}\n",
                          report::printable(each.place), report::printable(each.line));
  }
  return result;
}

}  // namespace gordian::cli
