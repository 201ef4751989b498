#include <fmt/format.h>
#include <unistd.h>

#include <memory>

#include "analyzer/cli/commands.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/input.h"
#include "analyzer/cli/output.h"
#include "analyzer/finding/merge.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/json.h"
#include "analyzer/report/text.h"

namespace gordian::cli {
namespace {

struct ReportOptions {
  std::vector<std::string> inputs;
  std::string format = "text";
  std::string output;
  uint32_t stack_depth = 16;
  std::string colour = "auto";
};

struct Reading {
  finding::Report report;
  size_t good = 0;
  size_t bad = 0;
};

// A bad input is told, and the others are still reported.
Reading read_all(const std::vector<std::string>& paths, const capture::CaptureOptions& options) {
  Reading reading;
  std::vector<finding::Report> reports;
  for (const std::string& path : paths) {
    try {
      reports.push_back(read_report(path, options));
      ++reading.good;
    } catch (const std::exception& error) {
      tell(fmt::format("gordian: {}\n", report::printable(error.what())));
      ++reading.bad;
    }
  }
  reading.report = finding::merge(std::move(reports));
  return reading;
}

int report_records(const ReportOptions& options) {
  const Reading reading = read_all(expand_inputs(options.inputs), {.stack_depth = options.stack_depth});
  if (reading.good != 0) {
    report::TextOptions text =
        text_options_for(options.output.empty() ? STDOUT_FILENO : -1, colour_wish_from(options.colour));
    text.stack_depth = options.stack_depth;
    const bool is_json = options.format == "json";
    write_output(options.output,
                 is_json ? report::render_json(reading.report) : report::render_text(reading.report, text));
  }
  if (reading.bad != 0) return kExitError;
  return finding::count_at_least(reading.report, finding::Grade::kPossible) != 0 ? kExitFindings
                                                                                 : kExitNothing;
}

}  // namespace

void add_report(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("report", "Tell the findings of flight records and reports, merged");
  set_usage(*command, "gordian report [OPTIONS] RECORD...");
  auto options = std::make_shared<ReportOptions>();
  command
      ->add_option("RECORD", options->inputs,
                   "Flight records, directories that hold some, or report.json files")
      ->required()
      ->type_name("");
  command->add_option("--format", options->format, "text or json")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "Write here instead of to standard output")
      ->type_name("FILE");
  command->add_option("--stack-depth", options->stack_depth, "Frames to show of each stack")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      ->add_option("--color", options->colour,
                   "Colours in the text: always, never, or auto: on a terminal without NO_COLOR")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command->callback([options, &action] { action = [options] { return report_records(*options); }; });
}

}  // namespace gordian::cli
