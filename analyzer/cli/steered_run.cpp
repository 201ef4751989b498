#include "analyzer/cli/steered_run.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>

#include "analyzer/capture/flight_capture.h"
#include "analyzer/cli/child.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/hooks_library.h"
#include "analyzer/cli/output.h"
#include "analyzer/cli/run_directory.h"

namespace gordian::cli {
namespace {

using Clock = std::chrono::steady_clock;

// How long the judge may take to tell of a cycle that has closed.
constexpr std::chrono::seconds kVerdict{4};

// The plan's page, shared with the program.
class PlanFile {
 public:
  PlanFile(const std::string& directory, const record::Steering& plan) {
    const std::string path = directory + '/' + record::kSteeringFileName;
    const int descriptor = open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0 || posix_fallocate(descriptor, 0, sizeof plan) != 0)
      throw Refusal(fmt::format("cannot write {}: {}; make room there", path, error_text(errno)));
    void* page = mmap(nullptr, sizeof plan, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (page == MAP_FAILED) throw Refusal(fmt::format("cannot map {}: {}", path, error_text(errno)));
    page_ = static_cast<record::Steering*>(page);
    std::memcpy(page_, &plan, sizeof plan);
  }
  ~PlanFile() { munmap(page_, sizeof *page_); }
  PlanFile(const PlanFile&) = delete;

  bool is_closed() const {
    // Acquire: what the threads wrote of themselves before the last one came is read after this.
    return std::atomic_ref(page_->state).load(std::memory_order_acquire) ==
           static_cast<uint32_t>(record::SteeringState::kClosed);
  }
  record::Steering copy() const { return *page_; }

 private:
  record::Steering* page_ = nullptr;
};

std::set<uint32_t> tids_of(const record::Steering& plan) {
  std::set<uint32_t> tids;
  for (uint32_t i = 0; i < std::min(plan.part_count, record::kMaxSteeringParts); ++i)
    tids.insert(plan.parts[i].tid);
  return tids;
}

std::set<uint32_t> tids_of(const finding::Finding& finding) {
  std::set<uint32_t> tids;
  for (const finding::Step& step : finding.cycle) tids.insert(step.thread.tid);
  return tids;
}

bool is_live_deadlock(const finding::Finding& finding) {
  return finding.rule == finding::RuleId::kDeadlock && finding.grade >= finding::Grade::kInferred;
}

// Everything that the processes of the run have told by now.
class Told {
 public:
  explicit Told(uint32_t stack_depth) : stack_depth_(stack_depth) {}

  std::vector<finding::Finding> look(const RunDirectory& directory) {
    std::vector<finding::Finding> result;
    for (const std::string& path : directory.records()) {
      try {
        auto [place, is_new] = captures_.try_emplace(path, nullptr);
        if (is_new) {
          place->second = std::make_unique<capture::FlightCapture>(
              path, capture::CaptureOptions{.stack_depth = stack_depth_});
        }
        if (place->second->told() == 0) continue;
        std::ranges::copy_if(place->second->view().report.findings, std::back_inserter(result),
                             is_live_deadlock);
      } catch (const std::exception&) {
        captures_.erase(path);  // a record in the making; the next look decides
      }
    }
    return result;
  }

 private:
  uint32_t stack_depth_;
  std::map<std::string, std::unique_ptr<capture::FlightCapture>> captures_;
};

void rewind_input() {
  if (lseek(STDIN_FILENO, 0, SEEK_CUR) > 0) lseek(STDIN_FILENO, 0, SEEK_SET);
}

// Nothing of the group is left when this returns.
void end(Child& child) {
  kill(-child.pid(), SIGKILL);
  kill(child.pid(), SIGKILL);
  while (!child.ended()) usleep(1000);
}

void sort_out(SteeredRun& run, std::vector<finding::Finding> told, bool is_closed) {
  run.others.clear();
  const std::set<uint32_t> wanted = tids_of(run.plan);
  for (finding::Finding& finding : told) {
    if (is_closed && std::ranges::includes(tids_of(finding), wanted))
      run.deadlock = std::move(finding);
    else
      run.others.push_back(std::move(finding));
  }
}

}  // namespace

SteeredRun run_steered(const SteeredProgram& program, const record::Steering& plan, Clock::time_point until) {
  RunDirectory directory(run_directory_parents());
  const PlanFile page(directory.path(), plan);
  rewind_input();
  Child child(
      {.file = program.file,
       .arguments = program.arguments,
       .environment = {{"LD_PRELOAD", preload_value(program.hooks, std::getenv("LD_PRELOAD"))},
                       {"GORDIAN_OPTIONS", fmt::format("dir={}:on-deadlock=report:stack-depth={}:steer=1",
                                                       directory.path(), program.stack_depth)}},
       .own_group = true,
       .silent = !program.shows_output},
      directory.control());
  SteeredRun run;
  Told told(program.stack_depth);
  std::optional<Clock::time_point> closed_at;
  while (Clock::now() < until) {
    const uint32_t news = read_news(directory.control());
    run.plan = page.copy();
    if (page.is_closed() && !closed_at) closed_at = Clock::now();
    sort_out(run, told.look(directory), closed_at.has_value());
    if (run.deadlock || (closed_at && Clock::now() > *closed_at + kVerdict)) break;
    if (child.ended()) {
      run.ended_by_itself = true;
      break;
    }
    // A deadlock of other threads ends the run as well: the program goes no further.
    if (!run.others.empty() && !closed_at) break;
    wait_for_news(directory.control(), news);
  }
  end(child);
  run.plan = page.copy();
  return run;
}

}  // namespace gordian::cli
