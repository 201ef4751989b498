// `gordian confirm`: makes the possible deadlocks of a report happen, one after the other.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <memory>

#include "analyzer/cli/commands.h"
#include "analyzer/cli/confirm_options.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/hooks_library.h"
#include "analyzer/cli/input.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/program_check.h"
#include "analyzer/cli/steered_run.h"
#include "analyzer/cli/steering_plan.h"
#include "analyzer/finding/merge.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/json.h"
#include "analyzer/report/text.h"

namespace gordian::cli {
namespace {

using finding::Finding;
using Clock = std::chrono::steady_clock;

std::string who_and_what(const finding::Step& step) {
  std::string text = fmt::format("\"{}\"", step.thread.name);
  if (!step.holds.empty() && step.holds.front().resource.kind != "thread")
    text += fmt::format(", which holds {},", step.holds.front().resource.name);
  return text;
}

// In the order in which the threads came to their places.
std::vector<std::string> schedule_of(const Finding& finding, const record::Steering& plan) {
  std::vector<size_t> parts(finding.cycle.size());
  for (size_t i = 0; i < parts.size(); ++i) parts[i] = i;
  std::ranges::sort(parts, {}, [&](size_t part) { return plan.parts[part].arrival; });
  std::vector<std::string> schedule;
  for (const size_t part : parts) {
    const finding::Step& step = finding.cycle[part];
    schedule.push_back(fmt::format("{} is held just before it asks for {} (tid {})", who_and_what(step),
                                   step.waits_for.name, plan.parts[part].tid));
  }
  schedule.push_back("all of them go on at once: each waits for the next, and none ever goes on");
  return schedule;
}

// Why a cycle was not closed, from the run that came closest.
std::string how_close(const Finding& finding, const record::Steering& best) {
  if (best.most == 0)
    return "no thread came to its place: these runs never took that way, or were built from other code than "
           "the report";
  return fmt::format(
      "at most {} of {} threads stood in place at once: the others could not come, or came too late, while "
      "those waited",
      best.most, finding.cycle.size());
}

void mark_confirmed(Finding& finding, const SteeredRun& run) {
  finding.grade = finding::Grade::kConfirmed;
  finding.grade_reason = fmt::format(
      "it did not happen in the observed run; in a steered run it did, and the live judge called it {}",
      name_of(run.deadlock->grade));
  finding.schedule = schedule_of(finding, run.plan);
  finding.confirmation->outcome = "confirmed";
  finding.confirmation->explanation =
      "the deadlock happened when each thread was held just before its next lock";
  finding.confirmation->arrived = run.plan.most;
}

class Confirmer {
 public:
  Confirmer(const ConfirmOptions& options, SteeredProgram program)
      : options_(options), program_(std::move(program)) {}

  void confirm(Finding& finding) {
    finding.confirmation = finding::Confirmation{.outcome = "not reached",
                                                 .participants = static_cast<uint32_t>(finding.cycle.size()),
                                                 .seed = options_.seed,
                                                 .explanation = {}};
    if (finding.grade < finding::Grade::kPossible) {
      finding.confirmation->outcome = "impossible";
      finding.confirmation->explanation = finding.grade_reason;
      return;
    }
    const auto until = Clock::now() + std::chrono::seconds(options_.timeout_seconds);
    record::Steering best{};
    record::Steering last{};
    for (uint32_t number = 0; number < options_.tries && Clock::now() < until; ++number) {
      const TryPlan how = plan_try(options_.seed, number, options_.patience_ms, last);
      const auto plan = steering_for(finding, how);
      if (const auto* problem = std::get_if<std::string>(&plan)) {
        finding.confirmation->explanation = *problem;
        return;
      }
      ++finding.confirmation->tries;
      SteeredRun run = run_steered(program_, std::get<record::Steering>(plan), until);
      keep_others(std::move(run.others));
      if (run.deadlock) return mark_confirmed(finding, run);
      last = run.plan;
      if (run.plan.most >= best.most) best = run.plan;
    }
    finding.confirmation->arrived = best.most;
    finding.confirmation->explanation = how_close(finding, best);
  }

  // Deadlocks of other threads that the steered runs ran into: they happened, and are told as such.
  std::vector<Finding> take_others() { return std::move(others_); }

 private:
  void keep_others(std::vector<Finding> found) {
    for (Finding& finding : found) {
      const bool is_known = std::ranges::any_of(others_, [&](const Finding& other) {
        return other.rule == finding.rule && other.fingerprint == finding.fingerprint;
      });
      if (is_known) continue;
      finding.grade_reason += finding.grade_reason.empty() ? "" : " ";
      finding.grade_reason += "It happened in a steered run, beside the cycle that was sought.";
      others_.push_back(std::move(finding));
    }
  }

  const ConfirmOptions& options_;
  SteeredProgram program_;
  std::vector<Finding> others_;
};

bool is_chosen(const Finding& finding, const ConfirmOptions& options) {
  if (finding.rule != finding::RuleId::kLockOrderInversion) return false;
  return options.fingerprints.empty() ||
         std::ranges::any_of(options.fingerprints,
                             [&](const std::string& each) { return finding.fingerprint.starts_with(each); });
}

void tell_outcome(const Finding& finding) {
  const finding::Confirmation& done = *finding.confirmation;
  tell(fmt::format(
      "gordian: {}: {}{}; {}\n", finding.fingerprint, done.outcome,
      done.tries == 0 ? "" : fmt::format(" in {} {}", done.tries, done.tries == 1 ? "try" : "tries"),
      report::printable(done.explanation)));
}

std::string render(const finding::Report& report, const ConfirmOptions& options) {
  if (options.format == "json") return report::render_json(report);
  report::TextOptions text =
      text_options_for(options.output.empty() ? STDOUT_FILENO : -1, colour_wish_from(options.colour));
  text.stack_depth = options.stack_depth;
  return report::render_text(report, text);
}

}  // namespace

int confirm(const ConfirmOptions& options) {
  finding::Report report = read_report(options.report, {.stack_depth = options.stack_depth});
  std::erase_if(report.findings, [&](const Finding& finding) { return !is_chosen(finding, options); });
  if (report.findings.empty()) {
    throw Refusal(options.report +
                  (options.fingerprints.empty()
                       ? " holds no lock-order-inversion; there is nothing to confirm"
                       : " holds no lock-order-inversion of that fingerprint; gordian report shows "
                         "those that there are"));
  }
  const std::string file = check_program(options.program.front(), current_executor());
  Confirmer confirmer(options, {.file = file,
                                .hooks = find_hooks_library(own_directory()),
                                .arguments = options.program,
                                .stack_depth = options.stack_depth,
                                .shows_output = options.shows_output});
  size_t confirmed = 0;
  for (Finding& finding : report.findings) {
    confirmer.confirm(finding);
    if (!options.quiet) tell_outcome(finding);
    confirmed += finding.grade == finding::Grade::kConfirmed ? 1 : 0;
  }
  for (Finding& other : confirmer.take_others()) report.findings.push_back(std::move(other));
  finding::sort_findings(report.findings);
  write_output(options.output, render(report, options));
  return confirmed != 0 ? kExitFindings : kExitNothing;
}

void add_confirm(CLI::App& app, Action& action, const Arguments& arguments) {
  CLI::App* command = app.add_subcommand("confirm", "Make the possible deadlocks of a report happen");
  set_usage(*command, "gordian confirm [OPTIONS] REPORT -- PROGRAM [ARGUMENTS...]");
  auto options = std::make_shared<ConfirmOptions>();
  command->add_option("REPORT", options->report, "A report.json or a flight record of an earlier run")
      ->required()
      ->type_name("");
  command->add_option("--tries", options->tries, "Runs for each cycle, at most")
      ->type_name("N")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command->add_option("--timeout", options->timeout_seconds, "Seconds for each cycle, at most")
      ->type_name("S")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  command
      ->add_option("--patience", options->patience_ms,
                   "Milliseconds that a thread waits in its place for the others")
      ->type_name("MS")
      ->check(CLI::Range(1, 600'000))
      ->capture_default_str();
  command->add_option("--seed", options->seed, "The same seed makes the same plans")
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--finding", options->fingerprints, "Only the findings whose fingerprint begins so")
      ->type_name("FINGERPRINT");
  command->add_option("--format", options->format, "text or json")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "Write here instead of to standard output")
      ->type_name("FILE");
  command->add_option("--stack-depth", options->stack_depth, "Frames to show of each stack, 1 to 44")
      ->type_name("N")
      ->check(CLI::Range(1, 44))
      ->capture_default_str();
  command
      ->add_option("--color", options->colour,
                   "Colours in the text: always, never, or auto: on a terminal without NO_COLOR")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command->add_flag("--show-output", options->shows_output, "Let the program's own output through");
  command->add_flag("-q,--quiet", options->quiet, "No line for each outcome on standard error");
  command->callback([=, &action, &arguments] {
    options->program = arguments.after_dashes;
    if (options->program.empty())
      throw Refusal("no program to run; try gordian confirm report.json -- ./app");
    action = [options] { return confirm(*options); };
  });
}

}  // namespace gordian::cli
