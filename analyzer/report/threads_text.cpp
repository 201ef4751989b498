// The threads of `gordian inspect` besides its findings.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "analyzer/report/escape.h"
#include "analyzer/report/text.h"

namespace gordian::report {
namespace {

using finding::Finding;
using finding::Report;
using finding::Step;
using finding::ThreadView;

std::set<std::pair<uint32_t, uint32_t>> threads_in_findings(const Report& report) {
  std::set<std::pair<uint32_t, uint32_t>> shown;
  for (const Finding& finding : report.findings)
    for (const Step& step : finding.cycle) shown.emplace(step.thread.pid, step.thread.tid);
  return shown;
}

// What two threads have in common when one of them is enough to look at. Those that hold something have
// nothing in common.
std::string place_of(const ThreadView& view, size_t index) {
  if (!view.holds.empty()) return std::to_string(index);
  std::string place = fmt::format("{}|{}|", view.thread.pid, view.state);
  for (const finding::Frame& frame : view.at) place += fmt::format("|{:x}", frame.address);
  if (!view.wait) return place;
  place += view.wait->waits_for.kind + '|' + view.wait->wait_mode;
  for (const finding::Frame& frame : view.wait->waiting_at)
    place += fmt::format("|{:x}:{}:{}", frame.address, frame.function, frame.line);
  return place;
}

std::string names_of(const std::vector<const ThreadView*>& alike) {
  constexpr size_t kMost = 6;
  std::string names;
  for (size_t i = 1; i < std::min(alike.size(), kMost + 1); ++i) {
    names +=
        fmt::format("{}\"{}\" (tid {})", i == 1 ? "" : ", ", alike[i]->thread.name, alike[i]->thread.tid);
  }
  if (alike.size() > kMost + 1) names += fmt::format(" and {} more", alike.size() - kMost - 1);
  return names;
}

}  // namespace

std::string render_other_threads_text(const Report& report, const TextOptions& options) {
  const auto shown = threads_in_findings(report);
  std::map<std::string, size_t> index_of;
  std::vector<std::vector<const ThreadView*>> groups;
  size_t count = 0;
  for (const ThreadView& view : report.threads) {
    if (shown.contains({view.thread.pid, view.thread.tid})) continue;
    const auto [place, is_new] = index_of.try_emplace(place_of(view, ++count), groups.size());
    if (is_new) groups.emplace_back();
    groups[place->second].push_back(&view);
  }
  if (count == 0) return {};
  const bool several = !report.other_programs.empty();
  const char* whose = report.running == true
                          ? (several ? "of processes that are running" : "of a process that is running")
                          : (several ? "of processes that have ended" : "of a process that has ended");
  std::string text =
      fmt::format("{} {}thread{} {}\n", count, shown.empty() ? "" : "more ", count == 1 ? "" : "s", whose);
  for (const auto& alike : groups) {
    text += '\n' + render_thread_text(*alike.front(), options);
    if (alike.size() > 1) text += fmt::format("  and like it {}\n", printable(names_of(alike)));
  }
  return text;
}

}  // namespace gordian::report
