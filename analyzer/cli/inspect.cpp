#include <unistd.h>

#include <memory>

#include "analyzer/cli/commands.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/inspect_subject.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/pictures.h"
#include "analyzer/finding/merge.h"
#include "analyzer/report/json.h"
#include "analyzer/report/text.h"

namespace gordian::cli {
namespace {

struct InspectOptions {
  InspectSubject subject;
  std::string format = "text";
  std::string output;
  std::string colour = "auto";
};

// What is wrong comes first; who else there is, after it.
std::string render_view_text(const finding::Report& report, const report::TextOptions& text) {
  const std::string others = report::render_other_threads_text(report, text);
  return report::render_text(report, text) + (others.empty() ? "" : '\n' + others);
}

int inspect(const InspectOptions& options) {
  capture::ProcessView view = read_subject(options.subject);
  view.report.running = view.running;
  view.report.threads = std::move(view.threads);
  report::TextOptions text =
      text_options_for(options.output.empty() ? STDOUT_FILENO : -1, colour_wish_from(options.colour));
  text.stack_depth = options.subject.stack_depth;
  if (is_picture(options.format)) {
    write_output(options.output, render_picture(view.report, options.format,
                                                {.stack_depth = options.subject.stack_depth,
                                                 .base_directory = text.base_directory}));
    return count_at_least(view.report, finding::Grade::kPossible) != 0 ? kExitFindings : kExitNothing;
  }
  write_output(options.output, options.format == "json" ? report::render_json(view.report)
                                                        : render_view_text(view.report, text));
  return count_at_least(view.report, finding::Grade::kPossible) != 0 ? kExitFindings : kExitNothing;
}

}  // namespace

void add_inspect(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("inspect", "Show who waits for whom: of a process, a core or a flight record");
  set_usage(*command, "gordian inspect [OPTIONS] PID... | CORE [EXE] | RECORD");
  auto options = std::make_shared<InspectOptions>();
  command
      ->add_option("SUBJECT", options->subject.inputs,
                   "Processes by their ids, a core with its program, or a flight record")
      ->type_name("");
  command->add_flag("--children", options->subject.children, "And all children of the processes, and theirs");
  command->add_option("--all-of", options->subject.all_of, "And every process of that name")
      ->type_name("NAME");
  command->add_flag("--no-stop", options->subject.no_stop,
                    "Stop no thread, however briefly; some stacks are then shorter");
  command
      ->add_option("--max-stop", options->subject.max_stop_ms, "Longest that threads may be stopped, in all")
      ->type_name("MS")
      ->check(CLI::Range(0, 60'000))
      ->capture_default_str();
  command->add_option("--sysroot", options->subject.sysroot, "Where the files of a core's machine are")
      ->type_name("DIR");
  command->add_option("--format", options->format, "text, json, html, dot or svg")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json", "html", "dot", "svg"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "Write here instead of to standard output")
      ->type_name("FILE");
  command->add_option("--stack-depth", options->subject.stack_depth, "Frames to show of each stack")
      ->type_name("N")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command
      ->add_option("--color", options->colour,
                   "Colours in the text: always, never, or auto: on a terminal without NO_COLOR")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command->callback([options, &action] { action = [options] { return inspect(*options); }; });
}

}  // namespace gordian::cli
