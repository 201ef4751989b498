// `gordian run`, in order: check everything that can be checked, start the program, follow it, clear up.
//
// Once the program has been started nothing may be thrown any more: its exit code is owed to the caller, so
// that problems from there on are told and put up with.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "analyzer/cli/child.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/hooks_library.h"
#include "analyzer/cli/program_check.h"
#include "analyzer/cli/race_sites_file.h"
#include "analyzer/cli/run_directory.h"
#include "analyzer/cli/run_options.h"
#include "analyzer/finding/merge.h"
#include "analyzer/report/json.h"
#include "analyzer/report/text.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

void say(const std::string& line) {
  tell("gordian: " + line + '\n');
}

// Calls `work`; what goes wrong in it is told. Returns whether it went well.
template <typename Work>
bool put_up_with(Work work) {
  try {
    work();
    return true;
  } catch (const std::exception& error) {
    say(error.what());
    return false;
  }
}

// A program that was compiled with -fsanitize=thread for a runtime in a library gets ours.
HooksLibrary library_for(const RunOptions& options, const std::string& file) {
  const bool traces = options.trace_file.has_value();
  const HooksLibrary plain = traces          ? HooksLibrary::kTracing
                             : options.races ? HooksLibrary::kSampling
                                             : HooksLibrary::kOrdinary;
  const auto facts = read_elf(file);
  if (!facts) return plain;
  if (facts->needs_race_runtime)
    return traces ? HooksLibrary::kTracingInstrumented : HooksLibrary::kInstrumented;
  if (facts->has_race_runtime && !options.quiet)
    say(
        fmt::format("{} has ThreadSanitizer's runtime inside, which keeps its races to itself; to have them "
                    "here, link it with -fsanitize=thread -fno-sanitize-link-runtime and gordian's "
                    "tsan/libtsan.so.2",
                    file));
  return plain;
}

// What the environment says to ThreadSanitizer: TSAN_OPTIONS=suppressions=FILE, among other options.
FilterOptions with_sanitizer_suppressions(FilterOptions filters) {
  const char* text = std::getenv("TSAN_OPTIONS");
  if (text == nullptr) return filters;
  const std::string options(text);
  constexpr std::string_view kKey = "suppressions=";
  const size_t key = options.find(kKey);
  if (key == std::string::npos || (key != 0 && std::strchr(" :,\t\n", options[key - 1]) == nullptr))
    return filters;
  size_t begin = key + kKey.size();
  const bool quoted = begin < options.size() && (options[begin] == '"' || options[begin] == '\'');
  const size_t end =
      quoted ? options.find(options[begin], begin + 1) : options.find_first_of(" :,\t\n", begin);
  if (quoted) ++begin;
  const std::string file = options.substr(begin, end == std::string::npos ? end : end - begin);
  if (!file.empty()) filters.tsan_suppressions.push_back(file);
  return filters;
}

Launch launch_for(const RunOptions& options, const std::string& file, const std::string& hooks,
                  const RunDirectory& directory, const std::optional<TraceFiles>& traces) {
  return {.file = file,
          .arguments = options.program,
          .environment = {
              {"LD_PRELOAD", preload_value(hooks, std::getenv("LD_PRELOAD"))},
              {"GORDIAN_OPTIONS", hooks_options(options, directory.path(), traces ? traces->path() : "")}}};
}

FollowOptions follow_options(const RunOptions& options, const std::string& file,
                             const std::string& report_file, pid_t pid, Filters& filters) {
  FollowOptions result{
      .on_deadlock = options.on_deadlock,
      .report_file = report_file,
      .text = {},
      .main_program = {.path = file, .arguments = options.program, .pid = static_cast<uint32_t>(pid)}};
  result.text = text_options_for(2, options.colour);
  result.text.stack_depth = options.stack_depth;
  result.filters = &filters;
  result.keep_clean_records = !options.report_directory.empty();
  return result;
}

// Until the program ends; returns its wait status.
int follow(Child& child, Follower& follower, record::Control& control) {
  uint32_t seen = read_news(control) - 1;
  while (true) {
    const uint32_t news = read_news(control);
    put_up_with([&] { follower.look(news != seen); });
    if (const auto status = child.ended()) return *status;
    seen = news;
    wait_for_news(control, seen);
  }
}

// What ran without being watched must not pass for clean.
void note_unwatched(finding::Report& report, const RunOptions& options, const record::Control& control) {
  if (control.processes == 0) {
    if (!options.quiet) say("nothing was watched: the loader put the hooks into no process of the run");
    report.unseen.push_back({.what = "the whole program",
                             .count = 1,
                             .why = "the hooks were loaded into no process of the run",
                             .consequence = "nothing was watched, so that no findings mean nothing"});
  }
  if (control.unwatched != 0) {
    report.unseen.push_back({.what = "processes without a flight record",
                             .count = control.unwatched,
                             .why = "it could not be made, as each said on standard error",
                             .consequence = "nothing was watched in them; a deadlock there is not found"});
  }
}

void copy_records(const RunDirectory& directory, const std::string& target) {
  for (const std::string& record : directory.records()) {
    copy_sparsely(record, (fs::path(target) / fs::path(record).filename()).string());
  }
}

bool is_unlikely(const finding::Finding& finding) {
  return finding.grade == finding::Grade::kUnlikely;
}

// What is ruled out is neither printed nor a reason to keep anything.
bool has_findings(const finding::Report& report) {
  return !std::ranges::all_of(report.findings, is_unlikely);
}

void tell_of_unlikely(const finding::Report& report, const std::string& where) {
  const auto count = std::ranges::count_if(report.findings, is_unlikely);
  if (count == 0) return;
  say(fmt::format("{} unlikely finding{}: {}", count, count == 1 ? "" : "s", where));
}

void tell_summary(const RunOptions& options, const finding::Report& report, const std::string& report_file) {
  if (options.quiet) return;
  if (has_findings(report)) {
    say(fmt::format("{}; report in {}", report::headline(report), report_file));
    return;
  }
  tell_of_unlikely(
      report, options.report_directory.empty() ? "see them with --report-dir DIR" : "see " + report_file);
  if (options.verbose) {
    report::TextOptions text = text_options_for(2, options.colour);
    tell(report::render_text(report, text));
  }
}

void tell_traces(const RunOptions& options, const TraceFiles& traces) {
  const std::vector<std::string> sentences = traces.finish();
  if (options.quiet) return;
  for (const std::string& sentence : sentences) say(sentence);
}

// Writes the report; where it cannot be written as asked, beside the records. Returns the place.
std::string save_report(const RunDirectory& directory, const finding::Report& report,
                        const std::string& wanted) {
  const std::string content = report::render_json(report);
  if (put_up_with([&] { write_file_atomically(wanted, content); })) return wanted;
  const std::string other = (fs::path(directory.path()) / "report.json").string();
  put_up_with([&] { write_file_atomically(other, content); });
  return other;
}

// What stays: the run directory is kept when findings or records are nowhere else, or are still being
// written.
void finish(const RunOptions& options, RunDirectory& directory, const Follower& follower,
            const finding::Report& report, const std::string& report_file) {
  const bool was_asked_for = !options.report_directory.empty();
  const bool is_dirty = has_findings(report);
  bool is_saved = true;
  std::string place = report_file;
  if (was_asked_for || is_dirty) place = save_report(directory, report, report_file);
  if (was_asked_for) {
    is_saved =
        put_up_with([&] { copy_records(directory, options.report_directory); }) && place == report_file;
  }
  tell_summary(options, report, place);

  const size_t running = follower.still_running().size();
  const bool is_only_copy = !is_saved || (!was_asked_for && is_dirty);
  if (running != 0) {
    // Release: whoever sees the flag may do the telling himself.
    std::atomic_ref(directory.control().launcher_gone).store(1, std::memory_order_release);
    const bool is_one = running == 1;
    say(fmt::format("{} process{} of this run still run{}; {} in {}", running, is_one ? "" : "es",
                    is_one ? "s" : "", is_one ? "its record stays" : "their records stay", directory.path()));
  } else if (!is_saved || (is_only_copy && options.quiet)) {
    say("the flight records are in " + directory.path());
  }
  if (running != 0 || is_only_copy) directory.keep();
}

}  // namespace

std::string hooks_options(const RunOptions& options, const std::string& run_directory,
                          const std::string& trace_path) {
  const std::string trace =
      trace_path.empty() ? "" : fmt::format(":trace-limit={}:trace={}", options.trace_limit_mib, trace_path);
  const std::string races = options.races ? fmt::format(":race-overhead={}{}", options.race_overhead,
                                                        options.race_sites.empty() ? "" : ":race-sites=1")
                                          : "";
  return fmt::format("dir={}:on-deadlock=report:stack-depth={}{}{}{}", run_directory, options.stack_depth,
                     options.follow ? "" : ":no-follow=1", races, trace);
}

int final_exit_code(const RunOptions& options, int wait_status, const finding::Report& report) {
  if (options.error_exit_code && finding::count_at_least(report, options.fail_on) != 0)
    return *options.error_exit_code;
  return exit_code_of(wait_status);
}

int run_program(const RunOptions& options) {
  const std::string file = check_program(options.program.front(), current_executor());
  const std::string hooks = find_hooks_library(own_directory(), library_for(options, file));
  Filters filters(with_sanitizer_suppressions(options.filters));
  if (!options.report_directory.empty()) prepare_report_directory(options.report_directory);
  std::optional<TraceFiles> traces;
  if (options.trace_file) traces.emplace(*options.trace_file, options.trace_limit_mib);
  RunDirectory directory(run_directory_parents());
  if (!options.race_sites.empty()) write_race_sites(options.race_sites, file, directory.path());
  const std::string report_file =
      (fs::path(options.report_directory.empty() ? directory.path() : options.report_directory) /
       "report.json")
          .string();

  Child child(launch_for(options, file, hooks, directory, traces), directory.control());
  Follower follower(directory, follow_options(options, file, report_file, child.pid(), filters));
  const int wait_status = follow(child, follower, directory.control());

  finding::Report report;
  put_up_with([&] {
    follower.look_for_the_last_time();
    report = follower.report();
  });
  note_unwatched(report, options, directory.control());
  if (traces) put_up_with([&] { tell_traces(options, *traces); });
  put_up_with([&] { finish(options, directory, follower, report, report_file); });
  if (options.verbose) tell(filters.unused_suppressions());
  return final_exit_code(options, wait_status, report);
}

}  // namespace gordian::cli
