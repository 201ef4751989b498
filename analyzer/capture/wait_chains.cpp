#include "analyzer/capture/wait_chains.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>

namespace gordian::capture {
namespace {

using model::ResourceKey;
using model::ThreadIndex;

uint64_t begin_of(const model::Wait& wait) {
  return wait.since_ns == 0 ? std::numeric_limits<uint64_t>::max() : wait.since_ns;
}

// All that wait for one resource.
struct Queue {
  std::vector<ThreadIndex> waiters;  // longest first
  ThreadIndex holder;
  uint32_t other_holders = 0;
};

class Queues {
 public:
  explicit Queues(const model::Snapshot& snapshot) : snapshot_(snapshot) {
    std::map<ResourceKey, std::vector<ThreadIndex>> holders;
    for (uint32_t i = 0; i < snapshot.threads.size(); ++i) {
      const model::Thread& each = snapshot.threads[i];
      if (each.waiting) queues_[each.wait.resource].waiters.push_back({i});
      for (const model::Hold& hold : each.holds) {
        std::vector<ThreadIndex>& of_lock = holders[hold.resource];
        if (of_lock.empty() || of_lock.back() != ThreadIndex{i}) of_lock.push_back({i});
      }
      holders[{model::ResourceKind::kThread, each.serial}] = {{i}};
    }
    for (auto& [key, queue] : queues_) {
      std::ranges::stable_sort(queue.waiters, {}, [&](ThreadIndex each) { return begin_of(wait_of(each)); });
      if (const auto found = holders.find(key); found != holders.end()) choose_holder(found->second, queue);
    }
  }

  const std::map<ResourceKey, Queue>& all() const { return queues_; }
  const Queue& at(const ResourceKey& key) const { return queues_.at(key); }
  const model::Thread& thread(ThreadIndex index) const { return snapshot_.threads[index.value]; }
  const model::Wait& wait_of(ThreadIndex index) const { return thread(index).wait; }

  // Where the chain goes on: what the holder waits for.
  const ResourceKey* next(const Queue& queue) const {
    if (!queue.holder.valid() || !thread(queue.holder).waiting) return nullptr;
    return &wait_of(queue.holder).resource;
  }

 private:
  void choose_holder(const std::vector<ThreadIndex>& holders, Queue& queue) const {
    const auto waiting =
        std::ranges::find_if(holders, [&](ThreadIndex each) { return thread(each).waiting; });
    queue.holder = waiting != holders.end() ? *waiting : holders.front();
    queue.other_holders = static_cast<uint32_t>(holders.size() - 1);
  }

  const model::Snapshot& snapshot_;
  std::map<ResourceKey, Queue> queues_;
};

WaitLink link_of(const Queue& queue, ThreadIndex thread) {
  return {thread, static_cast<uint32_t>(queue.waiters.size() - 1), queue.holder, queue.other_holders};
}

WaitChain chain_from(const Queues& queues, const ResourceKey& start, std::set<ResourceKey>& told) {
  WaitChain chain;
  ThreadIndex thread = queues.at(start).waiters.front();
  for (ResourceKey at = start;;) {
    const Queue& queue = queues.at(at);
    told.insert(at);
    chain.links.push_back(link_of(queue, thread));
    const ResourceKey* next = queues.next(queue);
    if (next == nullptr) {
      chain.end = queue.holder.valid() ? ChainEnd::kHolder : ChainEnd::kNobody;
      return chain;
    }
    if (told.contains(*next)) {
      chain.end = *next == start ? ChainEnd::kCircle : ChainEnd::kToldAbove;
      return chain;
    }
    thread = queue.holder;
    at = *next;
  }
}

// The resources that lie on circles, each circle by its smallest.
std::vector<ResourceKey> circles_in(const Queues& queues) {
  std::vector<ResourceKey> starts;
  std::set<ResourceKey> done;
  for (const auto& [key, queue] : queues.all()) {
    std::set<ResourceKey> path;
    ResourceKey at = key;
    const ResourceKey* next = &at;
    while (next != nullptr && !done.contains(*next) && path.insert(*next).second) {
      at = *next;
      next = queues.next(queues.at(at));
    }
    if (next != nullptr && path.contains(*next)) {
      ResourceKey smallest = *next;
      for (ResourceKey step = *queues.next(queues.at(*next)); step != *next;
           step = *queues.next(queues.at(step)))
        smallest = std::min(smallest, step);
      starts.push_back(smallest);
    }
    done.insert(path.begin(), path.end());
  }
  return starts;
}

// In a circle the thread to begin with is the one that the last holder is.
void close_circle(WaitChain& chain) {
  if (chain.end != ChainEnd::kCircle) return;
  chain.links.front().thread = chain.links.back().holder;
}

}  // namespace

std::vector<WaitChain> wait_chains(const model::Snapshot& snapshot) {
  const Queues queues(snapshot);
  std::vector<WaitChain> chains;
  std::set<ResourceKey> told;
  for (const ResourceKey& start : circles_in(queues)) {
    chains.push_back(chain_from(queues, start, told));
    close_circle(chains.back());
  }
  std::set<ResourceKey> continued;
  for (const auto& [key, queue] : queues.all()) {
    if (const ResourceKey* next = queues.next(queue); next != nullptr) continued.insert(*next);
  }
  std::vector<ResourceKey> starts;
  for (const auto& [key, queue] : queues.all()) {
    if (queue.holder.valid() && !continued.contains(key) && !told.contains(key)) starts.push_back(key);
  }
  std::ranges::stable_sort(starts, {}, [&](const ResourceKey& key) {
    return begin_of(queues.wait_of(queues.at(key).waiters.front()));
  });
  for (const ResourceKey& start : starts) chains.push_back(chain_from(queues, start, told));
  return chains;
}

std::vector<WaitLink> longest_waits(const model::Snapshot& snapshot) {
  const Queues queues(snapshot);
  std::vector<WaitLink> waits;
  for (const auto& [key, queue] : queues.all()) {
    if (!queue.holder.valid()) {
      waits.push_back(link_of(queue, queue.waiters.front()));
      continue;
    }
    for (const ThreadIndex waiter : queue.waiters)
      waits.push_back({waiter, 0, queue.holder, queue.other_holders});
  }
  std::ranges::stable_sort(waits, {},
                           [&](const WaitLink& wait) { return begin_of(queues.wait_of(wait.thread)); });
  return waits;
}

}  // namespace gordian::capture
