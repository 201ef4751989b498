// What `gordian check` does once its options are known: run the pass, mark what the user has said about
// findings, render, and say by the exit code whether something counts.
#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>

#include "analyzer/cli/changed_lines.h"
#include "analyzer/cli/check_options.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/source_suppressions.h"
#include "analyzer/finding/merge.h"
#include "analyzer/finding/sides.h"
#include "analyzer/report/diagnostics.h"
#include "analyzer/report/escape.h"

namespace gordian::cli {
namespace {

// A line on a terminal that is written over, and gone at the end.
class Progress {
 public:
  explicit Progress(bool is_shown) : is_shown_(is_shown) {}
  ~Progress() {
    if (has_line_) tell("\r\x1b[K");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(size_t done, size_t total) {
    if (!is_shown_) return;
    tell(fmt::format("\rgordian: {} of {} files\x1b[K", done, total));
    has_line_ = true;
  }

 private:
  bool is_shown_;
  bool has_line_ = false;
};

struct CommandPlan {
  const CheckCommand& command;
  check::CheckOptions options;
};

check::CheckResult run_pass(check::CheckOptions options, const StaticPass& pass) {
  Progress progress(isatty(STDERR_FILENO) == 1);
  options.progress = [&](size_t done, size_t total) { progress.show(done, total); };
  return pass(options);
}

std::vector<std::string> failures_of(const check::CheckResult& result) {
  std::vector<std::string> lines;
  for (const check::FailedUnit& each : result.failed)
    lines.push_back(fmt::format("{} was not checked: {}", each.file, each.error));
  return lines;
}

void note_failures(check::CheckResult& result) {
  if (result.failed.empty()) return;
  result.report.unseen.push_back(
      {"source files that do not parse", result.failed.size(),
       fmt::format("the first is {}: {}", result.failed.front().file, result.failed.front().error),
       "what their functions do is not part of the program that was checked"});
}

std::string render(const finding::Report& report, std::optional<std::vector<finding::Finding>> gone,
                   const std::vector<std::string>& problems, const CheckCommand& command) {
  if (command.output.format == "text")
    return report::render_diagnostics(report, text_options_of(command.output));
  return render_report(report, std::move(gone), problems, command.output);
}

std::string directory_of(const std::string& database) {
  const std::filesystem::path path = database.empty() ? "." : database;
  if (std::filesystem::is_directory(path)) return path.string();
  return path.has_parent_path() ? path.parent_path().string() : ".";
}

void keep_what_changed(finding::Report& report, const ChangedLines& changed, const std::string& revision) {
  const size_t before = report.findings.size();
  std::erase_if(report.findings, [&](const finding::Finding& each) { return !changed.touch(each); });
  if (const size_t left_out = before - report.findings.size(); left_out != 0) {
    tell(fmt::format("gordian: {} finding{} not shown: no place of {} has changed since {}\n", left_out,
                     left_out == 1 ? " is" : "s are", left_out == 1 ? "it" : "them",
                     report::printable(revision)));
  }
}

// Marks what comments in the source suppress, and returns lines about those that did nothing.
std::vector<std::string> apply_comments(const CommandPlan& plan, finding::Report& report) {
  const CheckCommand& command = plan.command;
  const bool wants_unused = command.output.verbose && command.files.empty();
  std::vector<std::string> unused = apply_source_suppressions(
      report, wants_unused ? files_of_database(plan.options.database) : std::vector<std::string>(),
      plan.options.rules);
  return wants_unused ? unused : std::vector<std::string>();
}

// Whether the pass looked at all that the baseline may be about.
bool is_whole(const CheckCommand& command, const check::CheckResult& result) {
  return command.files.empty() && command.rules.empty() && command.disabled.empty() &&
         command.changed_since.empty() && result.failed.empty();
}

void tell_statistics(const CheckCommand& command, const check::CheckResult& result) {
  if (!command.output.verbose) return;
  tell(fmt::format("gordian: {} file{} checked, {} of them known from before\n",
                   result.units - result.failed.size(), result.units - result.failed.size() == 1 ? "" : "s",
                   result.from_cache));
}

}  // namespace

int check_program(const CheckCommand& command, const StaticPass& pass) {
  const ReportOptions& output = command.output;
  if (output.lock_order_graph) check_lock_order_format(output);
  Filters filters(output.filters);
  const CommandPlan plan{command, pass_options_of(command)};
  std::optional<ChangedLines> changed;
  if (!command.changed_since.empty())
    changed.emplace(directory_of(plan.options.database), command.changed_since);
  check::CheckResult result = run_pass(plan.options, pass);
  if (result.units == 0)
    throw Refusal("there is nothing to check: the database names no source file, or none of those given");
  const std::vector<std::string> failures = failures_of(result);
  for (const std::string& line : failures) tell(fmt::format("gordian: {}\n", report::printable(line)));
  if (result.failed.size() >= result.units) {
    throw Refusal(fmt::format(
        "none of {} source files could be parsed; is the build's configuration step done?", result.units));
  }
  note_failures(result);
  tell_statistics(command, result);
  finding::Report& report = result.report;
  if (output.lock_order_graph) {
    write_output(output.output, render_lock_order(report.lock_order, output));
    return kExitNothing;
  }

  for (finding::Finding& finding : report.findings) finding::name_sides(finding);
  const std::vector<std::string> unused = apply_comments(plan, report);
  filters.apply(report);
  finding::sort_findings(report.findings);
  auto gone = filters.gone_from(report);
  if (gone && !is_whole(command, result)) gone->clear();
  write_baseline(report, output);
  if (changed) keep_what_changed(report, *changed, command.changed_since);
  write_output(output.output, render(report, std::move(gone), failures, command));
  for (const std::string& line : unused) tell(fmt::format("gordian: {}\n", report::printable(line)));
  if (output.verbose) tell(filters.unused_suppressions());
  return count_at_least(report, output.fail_on) != 0 ? kExitFindings : kExitNothing;
}

}  // namespace gordian::cli
