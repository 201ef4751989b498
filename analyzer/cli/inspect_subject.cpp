#include "analyzer/cli/inspect_subject.h"

#include <elf.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "analyzer/capture/process/core_image.h"
#include "analyzer/capture/process/live_image.h"
#include "analyzer/capture/process/process_capture.h"
#include "analyzer/capture/record_of_process.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/input.h"
#include "analyzer/cli/program_check.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

bool is_number(const std::string& text) {
  return !text.empty() && std::ranges::all_of(text, [](char each) { return each >= '0' && each <= '9'; });
}

uint32_t pid_from(const std::string& text) {
  uint32_t pid = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), pid);
  if (failed != std::errc() || pid == 0) throw Refusal(fmt::format("{} is no process id; look at ps", text));
  return pid;
}

void add(std::vector<uint32_t>& pids, uint32_t pid) {
  if (std::ranges::find(pids, pid) == pids.end()) pids.push_back(pid);
}

std::vector<uint32_t> pids_of(const InspectSubject& subject) {
  std::vector<uint32_t> pids;
  for (const std::string& input : subject.inputs) {
    const uint32_t pid = pid_from(input);
    add(pids, pid);
    if (!subject.children) continue;
    for (const uint32_t each : capture::with_descendants(pid)) add(pids, each);
  }
  if (subject.all_of.empty()) return pids;
  const std::vector<uint32_t> named = capture::processes_named(subject.all_of);
  if (named.empty()) throw Refusal(fmt::format("no process is called {}; look at ps -e", subject.all_of));
  for (const uint32_t pid : named) add(pids, pid);
  return pids;
}

// The other way's findings, and what it did not see, where the first has not told them.
void add_untold(finding::Report& report, finding::Report other) {
  for (finding::Finding& finding : other.findings) {
    const bool is_told = std::ranges::any_of(report.findings, [&](const finding::Finding& told) {
      return told.fingerprint == finding.fingerprint;
    });
    if (!is_told) report.findings.push_back(std::move(finding));
  }
  for (finding::Unseen& unseen : other.unseen) {
    const bool is_told = std::ranges::any_of(
        report.unseen, [&](const finding::Unseen& told) { return told.what == unseen.what; });
    if (!is_told) report.unseen.push_back(std::move(unseen));
  }
}

// A process that runs under the hooks tells more than can be read off it: since when, and where each lock was
// taken. What those do not see, such as an interpreter's lock, is read off it all the same.
capture::ProcessView with_record(const std::string& record, uint32_t pid, capture::ProcessView bare,
                                 const InspectSubject& subject) {
  capture::ProcessView view =
      capture::FlightCapture(record, {.stack_depth = subject.stack_depth, .pid = pid}).view();
  add_untold(view.report, std::move(bare.report));
  view.report.assumptions = std::move(bare.report.assumptions);
  return view;
}

capture::ProcessView inspect_pids(const std::vector<uint32_t>& pids, const InspectSubject& subject) {
  std::vector<capture::ProcessImage> images;
  for (const uint32_t pid : pids) images.push_back(capture::look_at(pid));
  const auto limit = std::chrono::milliseconds(subject.no_stop ? 0 : subject.max_stop_ms);
  capture::ProcessView view =
      capture::inspect_processes(std::move(images), {.stack_depth = subject.stack_depth, .max_stop = limit});
  if (pids.size() != 1) return view;
  const auto record = capture::record_path_of(pids.front());
  return record ? with_record(*record, pids.front(), std::move(view), subject) : std::move(view);
}

// What the process learned before its core was taken: races, lock orders, calls that were wrong. Who waits is
// read off the core, which stays as it was.
void add_record(finding::Report& report, const capture::RecordOfCore& record, uint32_t pid,
                const InspectSubject& subject) {
  if (record.is_there) {
    add_untold(
        report,
        capture::FlightCapture(record.path, {.stack_depth = subject.stack_depth, .pid = pid}).view().report);
    return;
  }
  report.unseen.push_back({.what = record.path,
                           .count = 1,
                           .why = "the flight record of the process is not there any more",
                           .consequence = "its races and lock orders are not shown; gordian report reads the "
                                          "record where it was kept"});
}

bool is_core(const std::string& path) {
  const auto facts = read_elf(path);
  return facts && facts->type == ET_CORE;
}

// Cores, and programs for them: each program belongs to the core before it.
capture::ProcessView inspect_cores(const InspectSubject& subject) {
  std::vector<capture::ProcessImage> images;
  for (size_t i = 0; i < subject.inputs.size(); ++i) {
    const std::string& core = subject.inputs[i];
    if (!is_core(core)) throw Refusal(core + " is no core; name the core first, and its program after it");
    const bool has_program = i + 1 < subject.inputs.size() && !is_core(subject.inputs[i + 1]);
    images.push_back(
        capture::read_core(core, has_program ? subject.inputs[++i] : std::string(), subject.sysroot));
  }
  std::optional<capture::RecordOfCore> record;
  if (images.size() == 1) record = capture::record_of_core(images.front(), subject.sysroot);
  const uint32_t pid = images.front().own_pid;
  capture::ProcessView view =
      capture::inspect_processes(std::move(images), {.stack_depth = subject.stack_depth});
  if (record) add_record(view.report, *record, pid, subject);
  return view;
}

}  // namespace

capture::ProcessView read_subject(const InspectSubject& subject) {
  std::error_code error;
  const auto is_pid = [&](const std::string& input) { return is_number(input) && !fs::exists(input, error); };
  if ((!subject.inputs.empty() || !subject.all_of.empty()) && std::ranges::all_of(subject.inputs, is_pid)) {
    const std::vector<uint32_t> pids = pids_of(subject);
    return inspect_pids(pids, subject);
  }
  if (subject.inputs.empty())
    throw Refusal("give a process id, a core or a flight record; see gordian inspect --help");
  if (subject.children || !subject.all_of.empty())
    throw Refusal(fmt::format("{} is no process id; --children and --all-of go with process ids alone",
                              subject.inputs.front()));
  if (std::ranges::any_of(subject.inputs, [](const std::string& input) { return is_core(input); }))
    return inspect_cores(subject);
  if (subject.inputs.size() != 1)
    throw Refusal("give process ids, or a core with its program, or one flight record");
  return read_process(subject.inputs.front(), {.stack_depth = subject.stack_depth});
}

}  // namespace gordian::cli
