#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <memory>

#include "analyzer/capture/function_names.h"
#include "analyzer/capture/race_findings.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/trace_symbols.h"
#include "analyzer/finding/fingerprint.h"
#include "analyzer/finding/merge.h"
#include "analyzer/predict/findings.h"
#include "analyzer/predict/trace_file.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/json.h"
#include "analyzer/report/text.h"

namespace gordian::cli {
namespace {

// Each finding's schedule takes a walk over its trace; nobody reads more than these.
constexpr size_t kMostFindings = 1000;

struct PredictOptions {
  std::vector<std::string> inputs;
  std::string format = "text";
  std::string output;
  uint32_t max_length = 0;
  uint64_t max_patterns = predict::PatternLimits{}.patterns;
  std::string colour = "auto";
};

std::string fingerprint_of(const finding::Finding& finding) {
  if (finding.rule == finding::RuleId::kDataRace) return capture::fingerprint_of_race(finding);
  std::vector<finding::FingerprintStep> steps;
  for (const finding::Step& step : finding.cycle) {
    std::string acquiring;
    for (const finding::Acquisition& hold : finding.cycle[*step.held_by_step].holds) {
      if (hold.resource.name == step.waits_for.name) acquiring = capture::own_function(hold.acquired_at);
    }
    steps.push_back({step.waits_for.stable, acquiring, capture::own_function(step.waiting_at)});
  }
  return finding::fingerprint(name_of(finding.rule), steps, true);
}

// Locks of one name and one place in the code, such as the members of many objects, are one finding.
void add_finding(finding::Report& report, std::map<std::string, size_t>& known, finding::Finding finding) {
  finding.fingerprint = fingerprint_of(finding);
  const auto [place, added] = known.try_emplace(finding.fingerprint, report.findings.size());
  if (added) {
    report.findings.push_back(std::move(finding));
    return;
  }
  finding::Finding& there = report.findings[place->second];
  const uint64_t occurrences = there.occurrences + 1;
  if (finding.grade > there.grade) there = std::move(finding);
  there.occurrences = occurrences;
}

std::string counted(uint64_t count, std::string_view one) {
  return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

std::string statistics_line(const predict::Trace& trace, const predict::Prediction& prediction,
                            const predict::RacePrediction& races, double seconds) {
  const predict::PredictionStatistics& statistics = prediction.statistics;
  std::string line = fmt::format(
      "{}: {}, {}, {}; {} reached of {}", report::printable(trace.path), counted(statistics.events, "event"),
      counted(statistics.threads, "thread"), counted(statistics.locks, "lock"),
      counted(prediction.deadlocks.size(), "deadlock"), counted(statistics.patterns, "lock-order cycle"));
  line += trace.holds_accesses ? fmt::format("; {} on {}", counted(races.races.size(), "race"),
                                             counted(races.statistics.variables, "shared variable"))
                               : "; no memory accesses";
  return line + fmt::format("; {:.2f} s\n", seconds);
}

struct TraceReading {
  finding::Report report;
  std::string statistics;
  size_t good = 0;
  size_t bad = 0;
};

std::unique_ptr<predict::TraceNames> names_for(const predict::Trace& trace) {
  if (trace.modules.empty()) return std::make_unique<predict::TraceNames>(trace);
  return std::make_unique<TraceSymbols>(trace);
}

finding::Report predict_one(const std::string& path, const PredictOptions& options, std::string& statistics) {
  const auto begun = std::chrono::steady_clock::now();
  const predict::Trace trace = predict::read_trace(path);
  const predict::PredictionLimits limits{
      .patterns = {.length = options.max_length, .patterns = options.max_patterns}};
  const predict::Prediction prediction = predict::predict_deadlocks(trace, limits);
  const predict::RacePrediction races = predict::predict_races(trace);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begun;
  statistics += statistics_line(trace, prediction, races, taken.count());

  finding::Report report;
  report.program = trace.program;
  if (report.program.path.empty()) report.program.path = path;
  const predict::Doubts doubts(trace);
  const auto names = names_for(trace);
  std::map<std::string, size_t> known;
  report.unseen = predict::unseen_of(trace, prediction.statistics, races.statistics);
  const auto describe = [&](const auto& predicted, const char* what) {
    const size_t described = std::min(predicted.size(), kMostFindings);
    for (size_t i = 0; i < described; ++i)
      add_finding(report, known, predict::finding_of(trace, doubts, predicted[i], *names));
    if (const size_t more = predicted.size() - described; more != 0) {
      report.unseen.push_back({what, more, fmt::format("only the first {} are described", kMostFindings),
                               "mend those, and predict again"});
    }
  };
  describe(prediction.deadlocks, "predicted deadlocks");
  describe(races.races, "predicted races");
  return report;
}

// A bad input is told, and the others are still looked at.
TraceReading read_all(const PredictOptions& options) {
  TraceReading reading;
  std::vector<finding::Report> reports;
  for (const std::string& path : options.inputs) {
    try {
      reports.push_back(predict_one(path, options, reading.statistics));
      ++reading.good;
    } catch (const std::exception& error) {
      tell(fmt::format("gordian: {}\n", report::printable(error.what())));
      ++reading.bad;
    }
  }
  reading.report = finding::merge(std::move(reports));
  return reading;
}

int predict_traces(const PredictOptions& options) {
  const TraceReading reading = read_all(options);
  if (reading.good != 0) {
    const report::TextOptions text =
        text_options_for(options.output.empty() ? STDOUT_FILENO : -1, colour_wish_from(options.colour));
    const bool is_json = options.format == "json";
    write_output(options.output, is_json ? report::render_json(reading.report)
                                         : reading.statistics + report::render_text(reading.report, text));
  }
  if (reading.bad != 0) return kExitError;
  return finding::worst_grade(reading.report) ? kExitFindings : kExitNothing;
}

}  // namespace

void add_predict(CLI::App& app, Action& action) {
  CLI::App* command = app.add_subcommand(
      "predict", "Tell the deadlocks and races that a reordering of a recorded trace reaches");
  set_usage(*command, "gordian predict [OPTIONS] TRACE...");
  auto options = std::make_shared<PredictOptions>();
  command->add_option("TRACE", options->inputs, "Traces: RAPID's text format, or recorded by gordian")
      ->required()
      ->type_name("");
  command->add_option("--format", options->format, "text or json")
      ->type_name("FORMAT")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  command->add_option("-o,--output", options->output, "Write here instead of to standard output")
      ->type_name("FILE");
  command
      ->add_option("--max-length", options->max_length,
                   "Longest cycle to look for, in threads; 0: of any length")
      ->type_name("N")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  command->add_option("--max-cycles", options->max_patterns, "Lock-order cycles to look at in each trace")
      ->type_name("N")
      ->check(CLI::Range(uint64_t{1}, uint64_t{1'000'000'000}))
      ->capture_default_str();
  command
      ->add_option("--color", options->colour,
                   "Colours in the text: always, never, or auto: on a terminal without NO_COLOR")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command->callback([options, &action] { action = [options] { return predict_traces(*options); }; });
}

}  // namespace gordian::cli
