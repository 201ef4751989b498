#include <fmt/format.h>

#include <map>
#include <memory>

#include "analyzer/cli/commands.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/run_options.h"

namespace gordian::cli {
namespace {

// As parsed, before the names become values.
struct Words {
  std::string on_deadlock = "report";
  std::string fail_on = "possible";
  std::string colour = "auto";
  int error_exit_code = 0;
  std::string trace_file;
  bool no_follow = false;
};

OnDeadlock on_deadlock_from(const std::string& name) {
  static const std::map<std::string, OnDeadlock> kNames = {{"report", OnDeadlock::kReport},
                                                           {"abort", OnDeadlock::kAbort},
                                                           {"kill", OnDeadlock::kKill},
                                                           {"stop", OnDeadlock::kStop}};
  return kNames.at(name);
}

// Without "--" the program is the first word that is no option of ours; with it, what follows.
std::vector<std::string> program_from(std::vector<std::string> words, const Arguments& arguments) {
  if (!words.empty() && words.front().starts_with('-')) {
    throw Refusal(fmt::format("there is no option {}; try gordian run --help", words.front()));
  }
  if (arguments.has_dashes && !words.empty()) words.push_back("--");
  words.insert(words.end(), arguments.after_dashes.begin(), arguments.after_dashes.end());
  if (words.empty()) throw Refusal("no program to run; try gordian run -- ./app");
  return words;
}

}  // namespace

void add_run(CLI::App& app, Action& action, const Arguments& arguments) {
  CLI::App* command = app.add_subcommand("run", "Run a program and tell a deadlock the moment it happens");
  set_usage(*command, "gordian run [OPTIONS] -- PROGRAM [ARGUMENTS...]");
  command->prefix_command();
  auto options = std::make_shared<RunOptions>();
  auto words = std::make_shared<Words>();
  command
      ->add_option("--report-dir", options->report_directory, "Leave report.json and the flight records here")
      ->type_name("DIR");
  command
      ->add_option("--on-deadlock", words->on_deadlock,
                   "To a process with an inferred or proven deadlock: report, abort, kill or stop")
      ->type_name("WHAT")
      ->check(CLI::IsMember({"report", "abort", "kill", "stop"}))
      ->capture_default_str();
  CLI::Option* exit_code =
      command
          ->add_option("--error-exitcode", words->error_exit_code,
                       "Exit with N, instead of as the program does, when there are findings")
          ->type_name("N")
          ->check(CLI::Range(0, 255));
  command
      ->add_option("--fail-on", words->fail_on,
                   "The weakest grade that counts for --error-exitcode: unlikely, possible, predicted, "
                   "confirmed, inferred or proven")
      ->type_name("GRADE")
      ->check(CLI::IsMember({"unlikely", "possible", "predicted", "confirmed", "inferred", "proven"}))
      ->capture_default_str();
  add_filter_options(*command, options->filters);
  command->add_option("--stack-depth", options->stack_depth, "Frames to show of each stack, 1 to 44")
      ->type_name("N")
      ->check(CLI::Range(1, 44))
      ->capture_default_str();
  command
      ->add_option("--color", words->colour,
                   "Colours in the text: always, never, or auto: on a terminal without NO_COLOR")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  CLI::Option* trace =
      command
          ->add_option(
              "--record-trace", words->trace_file,
              "Write every lock, wait and thread event to FILE, for gordian predict; other processes "
              "write FILE.PID")
          ->type_name("FILE");
  command->add_option("--trace-limit", options->trace_limit_mib, "The most that a trace may take, in MiB")
      ->type_name("MIB")
      ->check(CLI::Range(kLeastTraceLimit, kMostTraceLimit))
      ->needs(trace)
      ->capture_default_str();
  CLI::Option* races =
      command
          ->add_flag("--races", options->races,
                     "Look for data races, too: by breakpoints of the processor, without a rebuild")
          ->excludes(trace);
  command
      ->add_option("--race-overhead", options->race_overhead,
                   "How much of the time the search for races may take, in percent")
      ->type_name("N")
      ->check(CLI::Range(1, 100))
      ->needs(races)
      ->capture_default_str();
  command
      ->add_option("--sites", options->race_sites,
                   "Try the places of the data races in this report of gordian check first")
      ->type_name("REPORT")
      ->needs(races);
  command->add_flag("--no-follow", words->no_follow, "Watch the program alone, not what it starts");
  command->add_flag("-q,--quiet", options->quiet, "Print findings, and nothing else");
  command->add_flag("-v,--verbose", options->verbose,
                    "Say also what could not be watched, and which suppressions matched nothing");
  command->callback([=, &action, &arguments] {
    options->on_deadlock = on_deadlock_from(words->on_deadlock);
    options->fail_on = *finding::grade_from(words->fail_on);
    options->colour = colour_wish_from(words->colour);
    options->follow = !words->no_follow;
    if (trace->count() != 0) options->trace_file = words->trace_file;
    if (exit_code->count() != 0) options->error_exit_code = words->error_exit_code;
    options->program = program_from(command->remaining(), arguments);
    action = [options] { return run_program(*options); };
  });
}

}  // namespace gordian::cli
