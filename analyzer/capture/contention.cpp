#include "analyzer/capture/contention.h"

#include <algorithm>
#include <set>
#include <tuple>

namespace gordian::capture {

// The hooks note the beginning of a wait when the lock is taken, and not before.
bool waits_in_earnest(const model::Wait& wait) {
  return wait.since_ns != 0;
}

void Contention::count_wait(const model::Thread& thread, uint64_t elapsed_ns, const Seen* before, Seen& now) {
  const bool is_same = before != nullptr && before->attempting && before->attempts == now.attempts;
  // A lock that looked free can be taken in the last moment; then the same attempt is seen twice.
  if (!waits_in_earnest(thread.wait) && !is_same) return;
  LockFigures& lock = locks_[thread.wait.resource];
  lock.waited_ns += elapsed_ns;
  now.counted = true;
  if (has_begun_ && !(is_same && before->counted)) ++lock.waits;
}

void Contention::add(const std::vector<record::ThreadEntry>& threads, const model::Snapshot& sample) {
  const uint64_t elapsed = has_begun_ && sample.now_ns > last_ns_ ? sample.now_ns - last_ns_ : 0;
  SeenThreads now;
  for (const record::ThreadEntry& entry : threads) {
    Seen& thread = now[entry.thread.serial];
    thread.attempts = record::progress_attempts(entry.thread.progress);
    thread.last_wait = entry.thread.wait_attempt;
  }
  std::set<model::ResourceKey> held;
  for (const model::Thread& thread : sample.threads) {
    for (const model::Hold& hold : thread.holds) held.insert(hold.resource);
    if (!thread.waiting) continue;
    Seen& seen = now[thread.serial];
    seen.attempting = true;
    const auto before = seen_.find(thread.serial);
    count_wait(thread, elapsed, before == seen_.end() ? nullptr : &before->second, seen);
  }
  for (const model::ResourceKey& key : held) locks_[key].held_ns += elapsed;

  for (const auto& [serial, thread] : now) {
    const auto before = seen_.find(serial);
    if (before == seen_.end()) continue;
    figures_.requests += thread.attempts - std::min(thread.attempts, before->second.attempts);
    const bool is_new = thread.last_wait != before->second.last_wait;
    const bool is_seen = thread.counted && thread.last_wait == thread.attempts;
    if (is_new && !is_seen) ++figures_.waits_missed;
  }
  figures_.period_ns += elapsed;
  ++figures_.samples;
  seen_ = std::move(now);
  last_ns_ = sample.now_ns;
  has_begun_ = true;
}

ContentionFigures Contention::take() {
  ContentionFigures figures = std::move(figures_);
  for (const auto& [key, lock] : locks_) {
    figures.locks.push_back(lock);
    figures.locks.back().lock = key;
  }
  std::ranges::stable_sort(figures.locks, [](const LockFigures& a, const LockFigures& b) {
    return std::tie(a.waited_ns, a.waits, a.held_ns) > std::tie(b.waited_ns, b.waits, b.held_ns);
  });
  figures_ = {};
  locks_.clear();
  return figures;
}

}  // namespace gordian::capture
