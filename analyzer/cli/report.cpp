#include <memory>

#include "analyzer/cli/commands.h"
#include "analyzer/cli/report_options.h"

namespace gordian::cli {

void add_output_options(CLI::App& command, ReportOptions& options) {
  command.add_option("--format", options.format, "text, json, sarif, html, dot or svg")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json", "sarif", "html", "dot", "svg"}))
      ->capture_default_str();
  command.add_option("-o,--output", options.output, "Write here instead of to standard output")
      ->type_name("FILE");
  command
      .add_option("--source-root", options.source_root,
                  "Name files below this directory relative to it; the current directory unless told")
      ->type_name("DIR");
  command.add_option("--stack-depth", options.stack_depth, "Frames to show of each stack")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      .add_option("--color", options.colour,
                  "Colours in the text: always, never, or auto: on a terminal without NO_COLOR")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command.add_flag(
      "-v,--verbose", options.verbose,
      "Show unlikely and suppressed findings in full, and name suppressions that matched nothing");
}

void add_fail_on_option(CLI::App& command, std::string& grade) {
  command
      .add_option("--fail-on", grade,
                  "The weakest grade for exit code 1: unlikely, possible, predicted, confirmed, inferred or "
                  "proven")
      ->type_name("GRADE")
      ->check(CLI::IsMember({"unlikely", "possible", "predicted", "confirmed", "inferred", "proven"}))
      ->capture_default_str();
}

void add_report(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand("report", "Tell the findings of flight records and reports, merged");
  set_usage(*command, "gordian report [OPTIONS] RECORD...");
  auto options = std::make_shared<ReportOptions>();
  auto fail_on = std::make_shared<std::string>("possible");
  command
      ->add_option("RECORD", options->inputs,
                   "Flight records, directories that hold some, or report.json files")
      ->required()
      ->type_name("");
  add_output_options(*command, *options);
  add_fail_on_option(*command, *fail_on);
  add_filter_options(*command, options->filters);
  CLI::Option* write_baseline =
      command
          ->add_option("--write-baseline", options->write_baseline, "Leave the findings here for --baseline")
          ->type_name("FILE");
  CLI::Option* graph =
      command->add_flag("--lock-order-graph", options->lock_order_graph,
                        "Show which lock was asked for while which was held, and no findings");
  command
      ->add_flag(
          "--diff", options->diff,
          "Of two inputs, show the findings and lock orders that are new in the second, and those gone")
      ->excludes(graph)
      ->excludes(write_baseline)
      ->excludes(command->get_option("--baseline"));
  graph->excludes(write_baseline)->excludes(command->get_option("--baseline"));
  command->callback([options, fail_on, &action] {
    options->fail_on = *finding::grade_from(*fail_on);
    action = [options] {
      if (options->diff) return report_difference(*options);
      return options->lock_order_graph ? report_lock_order(*options) : report_records(*options);
    };
  });
}

}  // namespace gordian::cli
