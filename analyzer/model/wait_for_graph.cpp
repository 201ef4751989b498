#include "analyzer/model/wait_for_graph.h"

#include <algorithm>

namespace gordian::model {

using record::ThreadState;
using record::Usage;

const Resource* find_resource(const Snapshot& snapshot, const ResourceKey& key) {
  auto found = std::lower_bound(
      snapshot.resources.begin(), snapshot.resources.end(), key,
      [](const Resource& resource, const ResourceKey& wanted) { return resource.key < wanted; });
  return found != snapshot.resources.end() && found->key == key ? &*found : nullptr;
}

namespace {

const Hold* find_hold(const Thread& thread, const ResourceKey& key, bool exclusive_only) {
  const auto found = std::find_if(thread.holds.begin(), thread.holds.end(), [&](const Hold& hold) {
    return hold.resource == key && !(exclusive_only && hold.shared);
  });
  return found == thread.holds.end() ? nullptr : &*found;
}

bool holds(const Thread& thread, const ResourceKey& key, bool exclusive_only) {
  return find_hold(thread, key, exclusive_only) != nullptr;
}

Link link_to(const Thread& holder, Link when_live) {
  if (holder.state == ThreadState::kEnded) return Link::kEnded;
  if (holder.state == ThreadState::kLeftBehindByFork) return Link::kLeftBehind;
  return when_live;
}

}  // namespace

WaitForGraph::WaitForGraph(const Snapshot& snapshot)
    : snapshot_(&snapshot), graph_(snapshot.threads.size()), needs_(snapshot.threads.size(), Need::kNothing) {
  for (uint32_t i = 0; i < snapshot.threads.size(); ++i)
    if (snapshot.threads[i].live() && snapshot.threads[i].waiting) add_blockers(ThreadIndex{i});
}

const Resource* WaitForGraph::resource_of(ThreadIndex thread) const {
  return find_resource(*snapshot_, snapshot_->threads[thread.value].wait.resource);
}

void WaitForGraph::connect(ThreadIndex from, ThreadIndex to, Link link) {
  auto [existing, found] = boost::edge(from.value, to.value, graph_);
  if (!found) boost::add_edge(from.value, to.value, Blocks{link}, graph_);
}

void WaitForGraph::add_holders(ThreadIndex waiter, bool exclusive_only, Link link) {
  const ResourceKey& key = snapshot_->threads[waiter.value].wait.resource;
  const auto holds_it = [&](const Thread& thread) { return holds(thread, key, exclusive_only); };
  // What threads left behind by fork held was copied while they ran on in the parent; a thread of this
  // process that has it knows better.
  const bool has_live_holder =
      std::any_of(snapshot_->threads.begin(), snapshot_->threads.end(),
                  [&](const Thread& thread) { return thread.live() && holds_it(thread); });
  for (uint32_t i = 0; i < snapshot_->threads.size(); ++i) {
    const Thread& thread = snapshot_->threads[i];
    const Hold* hold = find_hold(thread, key, exclusive_only);
    if (hold != nullptr && !(has_live_holder && thread.state == ThreadState::kLeftBehindByFork))
      connect(waiter, ThreadIndex{i}, link_to(thread, hold->observed ? Link::kObservedHolder : link));
  }
}

// A reader that finds a lock in read mode waits only where writers come first: for the writers in the queue.
void WaitForGraph::add_queued_writers(ThreadIndex waiter) {
  const ResourceKey& key = snapshot_->threads[waiter.value].wait.resource;
  for (uint32_t i = 0; i < snapshot_->threads.size(); ++i) {
    const Thread& other = snapshot_->threads[i];
    if (other.live() && other.waiting && !other.wait.shared && other.wait.resource == key)
      connect(waiter, ThreadIndex{i}, Link::kOwner);
  }
}

// Whoever took a unit and has not given it back may do so. A thread that holds the only unit and waits for
// another cannot have meant itself: then anyone may. Nor can one that has ended, unless units were seen to be
// given back by those who took them: producers take what consumers give.
void WaitForGraph::add_semaphore_holders(ThreadIndex waiter) {
  const ResourceKey& key = snapshot_->threads[waiter.value].wait.resource;
  const Resource* resource = find_resource(*snapshot_, key);
  needs_[waiter.value] = resource != nullptr && resource->process_shared ? Need::kNothing : Need::kAnyone;
  if (resource != nullptr && (resource->usage == Usage::kSignal || resource->signals > 0)) return;
  int32_t units = 0;
  for (const Thread& thread : snapshot_->threads)
    for (const Hold& hold : thread.holds) units += hold.resource == key ? 1 : 0;
  // Units that nobody seen has taken are in unseen hands.
  if (resource != nullptr && resource->initial_value > units) return;
  bool others = false;
  bool has_ended = false;
  for (uint32_t i = 0; i < snapshot_->threads.size(); ++i) {
    if (i == waiter.value || !holds(snapshot_->threads[i], key, false)) continue;
    has_ended = has_ended || snapshot_->threads[i].state == ThreadState::kEnded;
    connect(waiter, ThreadIndex{i}, link_to(snapshot_->threads[i], Link::kObservedHolder));
    others = true;
  }
  const bool is_lock = resource != nullptr && resource->usage == Usage::kLock;
  if (others && (is_lock || !has_ended)) needs_[waiter.value] = Need::kAny;
}

void WaitForGraph::add_blockers(ThreadIndex waiter) {
  const Wait& wait = snapshot_->threads[waiter.value].wait;
  if (wait.timed || wait.process_shared) return;
  const Resource* resource = find_resource(*snapshot_, wait.resource);
  // A lock that has been given back by a thread that did not have it is an event: anybody may do that again.
  // And where a program does such things at all, a thread that takes its own mutex again may mean just that.
  const bool takes_own_again = wait.resource.kind == ResourceKind::kMutex &&
                               holds(snapshot_->threads[waiter.value], wait.resource, false);
  if ((resource != nullptr && resource->released_by_other) || (takes_own_again && snapshot_->owners_change)) {
    needs_[waiter.value] = Need::kAnyone;
    return;
  }
  if (resource != nullptr && resource->holders_unknown) {
    needs_[waiter.value] = resource->process_shared ? Need::kNothing : Need::kAnyone;
    return;
  }
  const Link owner = Link::kOwner;
  switch (wait.resource.kind) {
    case ResourceKind::kMutex:
    case ResourceKind::kSpin:
    case ResourceKind::kOnce:
    case ResourceKind::kStdioFile:
    case ResourceKind::kStaticGuard:
    case ResourceKind::kGil:
      add_holders(waiter, false, owner);
      break;
    // Any thread of a process that has the other end, or has locked the file, can act for it.
    case ResourceKind::kPipe:
    case ResourceKind::kFileLock:
    case ResourceKind::kProcess:
    case ResourceKind::kSysvSemaphore:
    case ResourceKind::kMessageQueue:
      add_holders(waiter, false, owner);
      if (boost::out_degree(waiter.value, graph_) > 0) needs_[waiter.value] = Need::kAny;
      return;
    case ResourceKind::kRwlock:
      add_holders(waiter, wait.shared, owner);
      if (boost::out_degree(waiter.value, graph_) == 0 && wait.shared) add_queued_writers(waiter);
      break;
    case ResourceKind::kThread:
      for (uint32_t i = 0; i < snapshot_->threads.size(); ++i)
        if (snapshot_->threads[i].serial == wait.resource.address && snapshot_->threads[i].live())
          connect(waiter, ThreadIndex{i}, Link::kOwner);
      break;
    case ResourceKind::kSemaphore:
      add_semaphore_holders(waiter);
      return;
    case ResourceKind::kCondition:
    case ResourceKind::kBarrier:
    case ResourceKind::kFutex:
      if (resource == nullptr || !resource->process_shared) needs_[waiter.value] = Need::kAnyone;
      return;
    case ResourceKind::kNone:
      return;
  }
  // Nobody is known to hold it: it may be free by now, or in hands that the record does not know.
  if (boost::out_degree(waiter.value, graph_) > 0) needs_[waiter.value] = Need::kAll;
}

std::vector<ThreadIndex> WaitForGraph::live_signallers(ThreadIndex thread) const {
  std::vector<ThreadIndex> live;
  const Resource* resource = resource_of(thread);
  if (resource == nullptr) return live;
  for (uint32_t i = 0; i < snapshot_->threads.size(); ++i) {
    const Thread& other = snapshot_->threads[i];
    const bool signalled = std::find(resource->signallers.begin(), resource->signallers.end(),
                                     other.serial) != resource->signallers.end();
    if (signalled && other.live()) live.push_back(ThreadIndex{i});
  }
  return live;
}

bool WaitForGraph::can_proceed(ThreadIndex thread, const std::vector<bool>& acts, bool anyone_acts,
                               bool signallers_only) const {
  auto [first, last] = boost::adjacent_vertices(thread.value, graph_);
  auto acting = [&](Graph::vertex_descriptor blocker) { return acts[blocker]; };
  switch (needs_[thread.value]) {
    case Need::kNothing:
      return true;
    case Need::kAll:
      return std::all_of(first, last, acting);
    case Need::kAny:
      return std::any_of(first, last, acting);
    case Need::kAnyone: {
      const Resource* resource = resource_of(thread);
      if (!signallers_only || resource == nullptr || resource->signals == 0 || resource->many_signallers)
        return anyone_acts;
      const auto signallers = live_signallers(thread);
      if (signallers.empty()) return anyone_acts;
      return std::any_of(signallers.begin(), signallers.end(),
                         [&](ThreadIndex signaller) { return acts[signaller.value]; });
    }
  }
  return true;
}

std::vector<bool> WaitForGraph::stuck(bool signallers_only) const {
  const size_t count = snapshot_->threads.size();
  std::vector<bool> acts(count, false);
  uint32_t processes = 1;
  for (const Thread& thread : snapshot_->threads) processes = std::max(processes, thread.process + 1);
  // A wait that anyone can end is one that any thread of its own process can.
  std::vector<bool> anyone_acts(
      processes, snapshot_->outside.unknown_threads > 0 || snapshot_->outside.signal_handlers > 0);
  for (const uint32_t process : snapshot_->wakeable)
    if (process < processes) anyone_acts[process] = true;
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = 0; i < count; ++i) {
      const Thread& thread = snapshot_->threads[i];
      if (acts[i] || !thread.live() ||
          !can_proceed(ThreadIndex{i}, acts, anyone_acts[thread.process], signallers_only))
        continue;
      acts[i] = true;
      anyone_acts[thread.process] = true;
      changed = true;
    }
  }
  std::vector<bool> left(count);
  for (uint32_t i = 0; i < count; ++i) left[i] = snapshot_->threads[i].live() && !acts[i];
  return left;
}

}  // namespace gordian::model
