#include "analyzer/capture/process_watch.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <set>

#include "analyzer/capture/contention.h"
#include "analyzer/capture/flight_capture.h"
#include "analyzer/capture/kept_names.h"
#include "analyzer/capture/live_process.h"
#include "analyzer/capture/watch_words.h"
#include "analyzer/record/state_sampler.h"

namespace gordian::capture {
namespace {

constexpr uint32_t kStackDepth = 16;  // to look for the program's own frame on

uint64_t now_of_clock() {
  return static_cast<uint64_t>(
      std::chrono::nanoseconds(std::chrono::steady_clock::now().time_since_epoch()).count());
}

// The record held open: by this way it is read although its name is gone.
class OpenRecord {
 public:
  explicit OpenRecord(const std::string& path)
      : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)),
        path_(descriptor_ < 0 ? path : "/proc/self/fd/" + std::to_string(descriptor_)) {}
  ~OpenRecord() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  OpenRecord(const OpenRecord&) = delete;
  OpenRecord& operator=(const OpenRecord&) = delete;

  const std::string& path() const { return path_; }

 private:
  int descriptor_;
  std::string path_;
};

// Of a process that maps many files, those that hold its code: the others come and go.
std::vector<symbols::Mapping> of_modules(std::vector<symbols::Mapping> mappings,
                                         const record::Record& record) {
  std::set<std::string> paths;
  for (const record::ModuleRecord& module : record.modules) paths.insert(module.path);
  if (!paths.empty())
    std::erase_if(mappings, [&](const symbols::Mapping& each) { return !paths.contains(each.path); });
  return mappings;
}

// Of `state`, which was read first, keeps as waits those that still stand in `later`: they stood throughout.
// Of a thread that moved while it was read, `later` can know what it holds.
void settle(record::Record& state, const std::vector<record::ThreadEntry>& later) {
  std::map<uint32_t, const record::ThreadEntry*> by_serial;
  for (const record::ThreadEntry& entry : later) by_serial[entry.thread.serial] = &entry;
  for (record::ThreadEntry& entry : state.threads) {
    const auto found = by_serial.find(entry.thread.serial);
    if (found == by_serial.end()) continue;
    const record::ThreadEntry& now = *found->second;
    if (!entry.torn && now.thread.progress == entry.thread.progress) continue;
    entry.entries = now.entries;
    // What is on top now has begun since, or is about to end.
    while (!entry.entries.empty() &&
           record::word_status(entry.entries.back().word) != record::HoldStatus::kHeld)
      entry.entries.pop_back();
    entry.thread.progress = now.thread.progress >> 16 << 16 | entry.entries.size();
    entry.thread.state = now.thread.state;
    entry.torn = false;
  }
}

}  // namespace

struct ProcessWatch::Implementation {
  Implementation(const std::string& path, uint32_t of)
      : pid(of),
        file(path),
        sampler(file.path()),
        findings(file.path(), {.python = false, .orders_while_running = false, .pid = of}) {
    refresh(record::read_state(file.path()));
    sample();
  }

  // Only semaphores need their record to be understood: whether they are events.
  void refresh(const record::Record& state) {
    sampled.findings = state.findings;
    sampled.modules = state.modules;
    sampled.resources.clear();
    for (const record::ResourceRecord& resource : state.resources) {
      if (resource.kind == static_cast<uint8_t>(model::ResourceKind::kSemaphore) &&
          (resource.flags & record::kResourceEnded) == 0)
        sampled.resources.push_back(resource);
    }
    signals.learn(state);
  }

  void sample() {
    std::vector<record::ThreadEntry>& threads = sampler.sample();
    std::swap(sampled.threads, threads);
    model::Snapshot snapshot = snapshot_of(sampled);
    std::swap(sampled.threads, threads);
    snapshot.now_ns = now_of_clock();
    contention.add(threads, snapshot);
    latest = &threads;
  }

  record::Record read() {
    record::Record state = record::read_state(file.path());
    state.header.pid = pid;
    sample();
    settle(state, *latest);
    return state;
  }

  const std::vector<finding::WatchedFinding>& told() {
    const uint32_t count = findings.told();
    if (count == told_count) return told_findings;
    told_findings.clear();
    for (const finding::Finding& each : findings.view().report.findings)
      told_findings.push_back({each.rule, each.grade, each.summary});
    told_count = count;
    return told_findings;
  }

  uint32_t pid;
  OpenRecord file;
  record::StateSampler sampler;
  FlightCapture findings;
  record::Record sampled{};  // what a sample is understood by
  const std::vector<record::ThreadEntry>* latest = nullptr;
  Contention contention;
  SignalCounts signals;
  KeptNames names;
  LastingNames lock_names;
  uint32_t told_count = 0;
  std::vector<finding::WatchedFinding> told_findings;
};

ProcessWatch::ProcessWatch(const std::string& path, uint32_t pid)
    : implementation_(std::make_unique<Implementation>(path, pid)) {}

ProcessWatch::~ProcessWatch() = default;

void ProcessWatch::sample() {
  implementation_->sample();
}

bool ProcessWatch::is_running() const {
  record::Record record = {};
  record.header = implementation_->sampler.header();
  record.header.pid = implementation_->pid;
  record.modules = implementation_->sampled.modules;
  return find_live_process(record).running;
}

finding::WatchView ProcessWatch::view() {
  Implementation& self = *implementation_;
  const record::Record state = self.read();
  model::Snapshot snapshot = snapshot_of(state);
  snapshot.now_ns = now_of_clock();
  LiveProcess process = find_live_process(state);
  AddressNames& names = self.names.names_for(
      process.mappings.empty() ? recorded_mappings(state) : of_modules(std::move(process.mappings), state));
  const ContentionFigures figures = self.contention.take();
  LockSightings besides;
  for (const LockFigures& lock : figures.locks) besides.try_emplace(lock.lock);
  const Scene scene(state, snapshot, names, {}, kStackDepth, besides);
  finding::WatchView view =
      WatchWords(state, snapshot, scene, self.lock_names).view_of(figures, self.signals);
  view.findings = self.told();
  self.refresh(state);
  return view;
}

}  // namespace gordian::capture
