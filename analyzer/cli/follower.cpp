#include "analyzer/cli/follower.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <utility>

#include "analyzer/cli/filters.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/run_directory.h"
#include "analyzer/finding/merge.h"
#include "analyzer/record/flight_record.h"
#include "analyzer/report/json.h"
#include "analyzer/report/text.h"

namespace gordian::cli {
namespace {

using finding::identity_of;

bool is_gone(uint32_t pid) {
  return pid != 0 && kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH;
}

// What the process said in its record, since a process of another pid namespace looks gone while it lives.
bool ended_normally(const std::string& path) {
  record::Header header{};
  std::ifstream file(path, std::ios::binary);
  return file.read(reinterpret_cast<char*>(&header), sizeof header) &&
         (header.flags & record::kProcessEnded) != 0;
}

// What an earlier image of the same process told is kept beside what the present one tells.
void keep_earlier_findings(finding::Report& now, std::vector<finding::Finding> earlier) {
  for (finding::Finding& finding : earlier) {
    const bool is_there = std::ranges::any_of(now.findings, [&](const finding::Finding& each) {
      return identity_of(each) == identity_of(finding);
    });
    if (!is_there) now.findings.push_back(std::move(finding));
  }
}

// Findings in an earlier form take the place of those that are the same.
void put_back(std::vector<finding::Finding>& now, std::vector<finding::Finding> earlier) {
  for (finding::Finding& finding : earlier) {
    const auto same = std::ranges::find_if(
        now, [&](const finding::Finding& each) { return identity_of(each) == identity_of(finding); });
    if (same != now.end()) *same = std::move(finding);
  }
}

}  // namespace

Follower::Follower(const RunDirectory& directory, FollowOptions options)
    : directory_(directory), options_(std::move(options)) {}

Follower::~Follower() = default;

// Whether the process has told something that was not looked at yet.
bool Follower::ask(const std::string& path, Process& process) {
  // Before the record is asked: what a process told before it went is then still seen.
  process.is_gone = is_gone(pid_of_record(path));
  try {
    if (!process.capture) {
      process.capture = std::make_unique<capture::FlightCapture>(
          path,
          capture::CaptureOptions{.stack_depth = options_.text.stack_depth, .orders_while_running = false});
    }
    const uint32_t told = process.capture->told();
    return std::exchange(process.told, told) != told && told != 0;
  } catch (const std::exception& error) {
    process.problem = error.what();  // a record in the making; the last look decides
    return false;
  }
}

// Reads the record; returns the findings that are new.
std::vector<finding::Finding> Follower::view(const std::string& path, Process& process) {
  std::vector<finding::Finding> fresh;
  try {
    if (!process.capture) ask(path, process);
    if (!process.capture) return fresh;
    capture::ProcessView view = process.capture->view();
    process.is_running = view.running;
    process.viewed_told = view.running ? process.told : 0;
    process.is_viewed = true;
    process.problem.clear();
    if (options_.filters != nullptr) options_.filters->apply(view.report);
    for (const finding::Finding& finding : view.report.findings) {
      if (finding.grade == finding::Grade::kUnlikely) continue;
      if (process.known.insert(identity_of(finding)).second) fresh.push_back(finding);
    }
    keep_earlier_findings(view.report, std::move(process.report.findings));
    process.report = std::move(view.report);
  } catch (const std::exception& error) {
    process.problem = error.what();
    process.told = 0;  // look again
  }
  return fresh;
}

void Follower::look(bool has_news) {
  std::vector<finding::Finding> fresh;
  std::vector<std::string> clean;
  for (const std::string& path : directory_.records()) {
    Process& process = processes_[path];
    if (process.is_gone && !has_news) continue;
    if (ask(path, process)) std::ranges::move(view(path, process), std::back_inserter(fresh));
    if (!can_remove(path, process)) continue;
    std::ranges::move(view(path, process), std::back_inserter(fresh));
    if (process.is_viewed && process.known.empty()) clean.push_back(path);
  }
  remove_clean(clean);
  tell_and_act(fresh);
}

void Follower::tell_and_act(const std::vector<finding::Finding>& fresh) {
  if (fresh.empty()) return;
  tell_findings(fresh);
  write_report();
  for (const finding::Finding& finding : fresh) act_on(finding);
}

bool Follower::can_remove(const std::string& path, const Process& process) const {
  return !options_.keep_clean_records && process.is_gone && process.known.empty() && ended_normally(path);
}

void Follower::remove_clean(const std::vector<std::string>& paths) {
  for (const std::string& path : paths) {
    finished_.push_back(std::move(processes_[path].report));
    processes_.erase(path);
    unlink(path.c_str());
  }
}

void Follower::look_for_the_last_time() {
  std::vector<finding::Finding> fresh;
  for (const std::string& path : directory_.records()) {
    Process& process = processes_[path];
    ask(path, process);
    // Read while it lived, a finding says more than now: a live interpreter has shown its frames.
    const bool is_known = process.is_gone && process.viewed_told != 0 && process.told == process.viewed_told;
    std::vector<finding::Finding> live;
    if (is_known) live = process.report.findings;
    std::ranges::move(view(path, process), std::back_inserter(fresh));
    put_back(process.report.findings, std::move(live));
  }
  tell_findings(fresh);
}

void Follower::tell_findings(const std::vector<finding::Finding>& findings) {
  for (const finding::Finding& finding : findings) {
    if (finding.suppressed) continue;
    tell("\n" + report::render_finding_text(finding, options_.text) + "\n");
  }
}

// A report that cannot be written now is no reason to leave the program alone: it is told once, and tried
// again at the end.
void Follower::write_report() {
  try {
    write_file_atomically(options_.report_file, report::render_json(report()));
  } catch (const std::exception& error) {
    if (std::exchange(write_problem_, error.what()) != error.what())
      tell(fmt::format("gordian: {}\n", error.what()));
  }
}

void Follower::act_on(const finding::Finding& finding) const {
  // After a wrong call the process goes on.
  if (options_.on_deadlock == OnDeadlock::kReport || finding.suppressed ||
      finding.grade < finding::Grade::kInferred || !finding::is_about_waiting(finding.rule))
    return;
  const pid_t pid = static_cast<pid_t>(finding.pid);
  if (pid <= 1) return;  // 0 and below would mean whole groups
  struct Deed {
    int number;
    const char* text;
  };
  const Deed deed = options_.on_deadlock == OnDeadlock::kAbort  ? Deed{SIGABRT, "aborted"}
                    : options_.on_deadlock == OnDeadlock::kKill ? Deed{SIGKILL, "killed"}
                                                                : Deed{SIGSTOP, "stopped"};
  if (kill(pid, deed.number) != 0) return;
  const std::string advice = deed.number == SIGSTOP ? fmt::format("; kill -CONT {} lets it go on", pid) : "";
  tell(fmt::format("gordian: {} pid {}, as --on-deadlock says{}\n", deed.text, pid, advice));
}

finding::Report Follower::report() const {
  std::vector<finding::Report> reports = finished_;
  std::vector<finding::Unseen> unreadable;
  for (const auto& [path, process] : processes_) {
    if (process.is_viewed) {
      reports.push_back(process.report);
    } else if (!process.problem.empty()) {
      unreadable.push_back({.what = fmt::format("the process of pid {}", pid_of_record(path)),
                            .count = 1,
                            .why = process.problem,
                            .consequence = "nothing is known about its threads"});
    }
  }
  // The program that was asked for comes first, its children after it. One that never took a lock or started
  // a thread has no record.
  const auto is_main = [&](const auto& each) { return each.program.pid == options_.main_program.pid; };
  if (std::ranges::none_of(reports, is_main))
    reports.insert(reports.begin(), finding::Report{.program = options_.main_program});
  std::ranges::stable_partition(reports, is_main);
  finding::Report merged = finding::merge(std::move(reports));
  std::ranges::move(unreadable, std::back_inserter(merged.unseen));
  return merged;
}

std::vector<std::string> Follower::still_running() const {
  std::vector<std::string> result;
  for (const auto& [path, process] : processes_) {
    if (process.is_running && !is_gone(pid_of_record(path))) result.push_back(path);
  }
  return result;
}

}  // namespace gordian::cli
