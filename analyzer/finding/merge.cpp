#include "analyzer/finding/merge.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "analyzer/finding/frames.h"
#include "analyzer/finding/lock_orders.h"

namespace gordian::finding {
namespace {

bool names_process(const Finding& finding, uint32_t pid) {
  return finding.pid == pid || std::ranges::find(finding.also_in, pid) != finding.also_in.end();
}

void note_process(Finding& finding, uint32_t pid) {
  if (pid == 0 || names_process(finding, pid)) return;
  // The static pass has found it in none.
  if (finding.pid == 0) {
    finding.pid = pid;
  } else {
    finding.also_in.push_back(pid);
  }
}

// Of two sightings the stronger one is shown, of equals that of a process; the other is counted.
void absorb(Finding& known, Finding other) {
  const bool is_of_process = known.pid == 0 && other.pid != 0;
  if (other.grade > known.grade || (other.grade == known.grade && is_of_process)) std::swap(known, other);
  known.occurrences += other.occurrences;
  if (!other.suppressed) known.suppressed = false;
  if (!known.suppressed) known.suppression.clear();
  if (other.baseline == Baseline::kNew) known.baseline = Baseline::kNew;
  if (known.schedule.empty()) known.schedule = std::move(other.schedule);
  // The one with the stronger grade says what came of it.
  if (!known.confirmation) known.confirmation = std::move(other.confirmation);
  if (!known.exercised) known.exercised = std::move(other.exercised);
  note_process(known, other.pid);
  for (uint32_t pid : other.also_in) note_process(known, pid);
}

// The two lines of a race, in either order; empty where one is not known. Who runs the program and who reads
// it call memory by different names.
std::string places_of_race(const Finding& finding) {
  if (finding.rule != RuleId::kDataRace || finding.cycle.size() < 2) return {};
  std::vector<std::string> places;
  for (size_t i = 0; i < 2; ++i) {
    const Frame* frame = telling_frame(finding.cycle[i].waiting_at);
    if (frame == nullptr || frame->file.empty()) return {};
    places.push_back(frame->file.substr(frame->file.rfind('/') + 1) + ':' + std::to_string(frame->line) +
                     ' ' + std::string(without_parameters(frame->function)));
  }
  std::ranges::sort(places);
  return places[0] + '\n' + places[1];
}

class Merger {
 public:
  // A report that is about processes of which everything was said already, such as a record beside the report
  // that was made of it, adds what is new in it and counts nothing twice.
  void add(Report report) {
    bool is_repeat = !add_program(std::move(report.program));
    for (Program& program : report.other_programs) is_repeat = !add_program(std::move(program)) && is_repeat;
    for (Finding& finding : report.findings) add_finding(std::move(finding), is_repeat);
    places_.insert(new_places_.begin(), new_places_.end());
    new_places_.clear();
    for (Unseen& unseen : report.unseen) add_unseen(std::move(unseen), is_repeat);
    add_lock_order(std::move(report.lock_order), is_repeat);
    for (ThreadView& view : report.threads) add_thread(std::move(view));
    if (!result_.running) result_.running = report.running;
  }

  Report take() {
    sort_findings(result_.findings);
    result_.lock_order = lock_orders_.take();
    return std::move(result_);
  }

 private:
  // Whether it was not there yet. Without a pid or a start nobody can tell.
  bool add_program(Program program) {
    if (program.pid != 0 && !program.started.empty() &&
        !programs_.insert({program.pid, program.started, program.path}).second) {
      return false;
    }
    if (std::exchange(has_program_, true)) {
      // A process before source code.
      if (result_.program.pid == 0 && program.pid != 0) std::swap(result_.program, program);
      result_.other_programs.push_back(std::move(program));
    } else {
      result_.program = std::move(program);
    }
    return true;
  }

  void add_finding(Finding finding, bool is_repeat) {
    size_t known = result_.findings.size();
    if (!finding.fingerprint.empty())
      known = findings_.try_emplace({finding.rule, finding.fingerprint}, known).first->second;
    // One report may have several races in the same two lines.
    std::string places = places_of_race(finding);
    if (const auto place = places_.find(places); place != places_.end())
      known = std::min(known, place->second);
    if (!places.empty()) new_places_.emplace_back(std::move(places), known);
    if (known == result_.findings.size()) {
      result_.findings.push_back(std::move(finding));
    } else if (!is_repeat) {
      absorb(result_.findings[known], std::move(finding));
    }
  }

  void add_unseen(Unseen unseen, bool is_repeat) {
    auto [place, is_new] =
        unseen_.try_emplace({unseen.what, unseen.why, unseen.consequence}, result_.unseen.size());
    if (is_new) {
      result_.unseen.push_back(std::move(unseen));
    } else if (!is_repeat) {
      result_.unseen[place->second].count += unseen.count;
    }
  }

  void add_lock_order(LockOrder order, bool is_repeat) {
    if (is_repeat) order.edges_not_shown = 0;  // they were counted
    lock_orders_.add(std::move(order));
  }

  // The first sight of a thread counts.
  void add_thread(ThreadView view) {
    if (threads_.insert({view.thread.pid, view.thread.tid, view.thread.name}).second)
      result_.threads.push_back(std::move(view));
  }

  Report result_;
  LockOrderMerger lock_orders_;
  bool has_program_ = false;
  std::set<std::tuple<uint32_t, std::string, std::string>> programs_;
  std::set<std::tuple<uint32_t, uint32_t, std::string>> threads_;
  std::map<std::pair<RuleId, std::string>, size_t> findings_;
  std::map<std::string, size_t> places_;  // of races in the reports before this one
  std::vector<std::pair<std::string, size_t>> new_places_;
  std::map<std::tuple<std::string, std::string, std::string>, size_t> unseen_;
};

}  // namespace

std::string identity_of(const Finding& finding) {
  const std::string& mark = finding.fingerprint.empty() ? finding.summary : finding.fingerprint;
  return std::string(name_of(finding.rule)) + ' ' + mark;
}

std::optional<Grade> worst_grade(const Report& report) {
  std::optional<Grade> worst;
  for (const Finding& finding : report.findings) {
    if (!finding.suppressed && (!worst || finding.grade > *worst)) worst = finding.grade;
  }
  return worst;
}

size_t count_at_least(const Report& report, Grade floor) {
  return static_cast<size_t>(std::ranges::count_if(report.findings, [floor](const Finding& each) {
    return !each.suppressed && each.baseline == Baseline::kNew && each.grade >= floor;
  }));
}

void sort_findings(std::vector<Finding>& findings) {
  std::ranges::stable_sort(findings, [](const Finding& left, const Finding& right) {
    if (left.suppressed != right.suppressed) return right.suppressed;
    if (left.grade != right.grade) return left.grade > right.grade;
    return left.baseline < right.baseline;
  });
}

Report merge(std::vector<Report> reports) {
  Merger merger;
  for (Report& report : reports) merger.add(std::move(report));
  return merger.take();
}

}  // namespace gordian::finding
