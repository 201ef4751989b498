#include "analyzer/capture/watch_words.h"

#include <algorithm>

namespace gordian::capture {
namespace {

using model::ResourceKey;
using model::ResourceKind;

constexpr uint64_t kMillisecond = 1'000'000;

ResourceKey key_of(const record::ResourceRecord& resource) {
  return {static_cast<ResourceKind>(resource.kind), resource.address};
}

// What is signalled rather than held, whatever has been seen of it.
bool is_always_event(ResourceKind kind) {
  return kind == ResourceKind::kCondition || kind == ResourceKind::kBarrier || kind == ResourceKind::kFutex;
}

uint32_t signals_of(const record::ResourceRecord& resource) {
  return resource.kind == static_cast<uint8_t>(ResourceKind::kBarrier) ? resource.rounds : resource.signals;
}

}  // namespace

void SignalCounts::learn(const record::Record& state) {
  counts_.clear();
  for (const record::ResourceRecord& resource : state.resources) {
    const ResourceKey key = key_of(resource);
    if (is_always_event(key.kind) || key.kind == ResourceKind::kSemaphore)
      counts_[{key, resource.generation}] = signals_of(resource);
  }
}

uint64_t SignalCounts::since(const record::ResourceRecord& resource) const {
  const auto before = counts_.find({key_of(resource), resource.generation});
  const uint32_t now = signals_of(resource);
  if (before == counts_.end()) return now;  // made since
  return now - before->second;              // the count goes round after four thousand million
}

WatchWords::WatchWords(const record::Record& state, const model::Snapshot& snapshot, const Scene& scene,
                       LastingNames& names)
    : state_(state), snapshot_(snapshot), scene_(scene), names_(names) {
  for (const record::ResourceRecord& resource : state.resources) {
    if (resource.kind == 0 || (resource.flags & record::kResourceEnded) != 0) continue;
    const auto [place, is_new] = resources_.try_emplace(key_of(resource), &resource);
    if (!is_new && place->second->generation <= resource.generation) place->second = &resource;
  }
  for (uint32_t i = 0; i < snapshot.threads.size(); ++i) {
    if (snapshot.threads[i].waiting) waiters_[snapshot.threads[i].wait.resource].push_back({i});
  }
}

const record::ResourceRecord* WatchWords::record_of(const ResourceKey& key) const {
  const auto found = resources_.find(key);
  return found == resources_.end() ? nullptr : found->second;
}

bool WatchWords::is_event(const ResourceKey& key) const {
  if (is_always_event(key.kind)) return true;
  const record::ResourceRecord* resource = record_of(key);
  return key.kind == ResourceKind::kSemaphore && resource != nullptr &&
         resource->usage == static_cast<uint8_t>(record::Usage::kSignal);
}

std::string WatchWords::lock_name(const ResourceKey& key) const {
  const record::ResourceRecord* resource = record_of(key);
  return names_.name({key, resource == nullptr ? 0 : resource->generation}, scene_.resource_name(key).name);
}

std::string WatchWords::noun(const ResourceKey& key) const {
  if (key.kind == ResourceKind::kThread) return scene_.noun(key);
  finding::ResourceName name = scene_.resource_name(key);
  name.name = lock_name(key);
  return lock_noun(name);
}

std::optional<uint64_t> WatchWords::longest_ms(const std::vector<ThreadIndex>& waiters) const {
  std::optional<uint64_t> longest;
  for (const ThreadIndex waiter : waiters) {
    const model::Wait& wait = scene_.thread(waiter).wait;
    if (wait.since_ns == 0) continue;
    const uint64_t lasted = snapshot_.now_ns - std::min(wait.since_ns, snapshot_.now_ns);
    longest = std::max(longest.value_or(0), lasted / kMillisecond);
  }
  return longest;
}

std::string WatchWords::holders(const ResourceKey& key) const {
  const std::vector<ThreadIndex> holders = scene_.holders_of(key);
  if (holders.empty()) return {};
  const std::string others = holders.size() > 1 ? " and " + std::to_string(holders.size() - 1) + " more" : "";
  return scene_.label(holders.front()) + others;
}

finding::WatchedWait WatchWords::wait_of(const WaitLink& link) const {
  const model::Wait& wait = scene_.thread(link.thread).wait;
  finding::WatchedWait told;
  told.thread = scene_.label(link.thread);
  told.others = link.others;
  told.lock = noun(wait.resource);
  told.since_ms = longest_ms({link.thread});
  told.timed = wait.timed;
  told.is_join = wait.resource.kind == ResourceKind::kThread;
  if (link.holder.valid()) told.held_by = scene_.label(link.holder);
  told.other_holders = link.other_holders;
  return told;
}

finding::WatchedChain WatchWords::chain_of(const WaitChain& chain) const {
  finding::WatchedChain told;
  for (const WaitLink& link : chain.links) told.waits.push_back(wait_of(link));
  told.is_circle = chain.end == ChainEnd::kCircle;
  if (chain.end == ChainEnd::kToldAbove) told.end = "waits as told above";
  if (chain.end == ChainEnd::kHolder) {
    const record::ThreadState state = scene_.thread(chain.links.back().holder).state;
    told.end = state == record::ThreadState::kEnded              ? "has ended"
               : state == record::ThreadState::kLeftBehindByFork ? "a fork left behind"
                                                                 : "runs";
  }
  return told;
}

finding::WatchedLock WatchWords::lock_of(const LockFigures& figures) const {
  const auto waiting = waiters_.find(figures.lock);
  finding::WatchedLock lock;
  lock.name = lock_name(figures.lock);
  lock.kind = kind_name(figures.lock.kind);
  lock.waits = figures.waits;
  lock.waited_ms = figures.waited_ns / kMillisecond;
  if (waiting != waiters_.end()) {
    lock.waiting = static_cast<uint32_t>(waiting->second.size());
    lock.longest_ms = longest_ms(waiting->second);
  }
  lock.holder = holders(figures.lock);
  return lock;
}

finding::WatchedEvent WatchWords::event_of(const LockFigures& figures, const SignalCounts& signals) const {
  const auto waiting = waiters_.find(figures.lock);
  finding::WatchedEvent event;
  event.name = lock_name(figures.lock);
  event.kind = kind_name(figures.lock.kind);
  if (waiting != waiters_.end()) {
    event.waiting = static_cast<uint32_t>(waiting->second.size());
    event.longest_ms = longest_ms(waiting->second);
  }
  if (const record::ResourceRecord* resource = record_of(figures.lock))
    event.signals = signals.since(*resource);
  return event;
}

void WatchWords::count_threads(finding::WatchView& view) const {
  uint32_t live = 0;
  for (const model::Thread& thread : snapshot_.threads) {
    if (!thread.live()) continue;
    ++live;
    ++(thread.waiting ? view.waiting : view.running);
  }
  view.ended = state_.header.last_serial - std::min(live, state_.header.last_serial);
}

finding::WatchView WatchWords::view_of(const ContentionFigures& figures, const SignalCounts& signals) const {
  finding::WatchView view;
  view.program.path = state_.program;
  view.program.arguments = state_.arguments;
  view.program.pid = state_.header.pid;
  view.period_ms = figures.period_ns / kMillisecond;
  view.samples = figures.samples;
  view.requests = figures.requests;
  view.waits_missed = figures.waits_missed;
  count_threads(view);
  for (const WaitChain& chain : wait_chains(snapshot_)) view.chains.push_back(chain_of(chain));
  for (const WaitLink& wait : longest_waits(snapshot_)) view.longest.push_back(wait_of(wait));
  for (const LockFigures& each : figures.locks) {
    const bool is_waited_for = each.waited_ns != 0 || each.waits != 0 || waiters_.contains(each.lock);
    if (!is_waited_for || each.lock.kind == ResourceKind::kThread) continue;
    if (is_event(each.lock)) {
      view.events.push_back(event_of(each, signals));
      continue;
    }
    view.locks.push_back(lock_of(each));
    if (figures.period_ns != 0)
      view.locks.back().held = static_cast<double>(each.held_ns) / static_cast<double>(figures.period_ns);
  }
  return view;
}

}  // namespace gordian::capture
