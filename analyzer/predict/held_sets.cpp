#include "analyzer/predict/held_sets.h"

#include <algorithm>

namespace gordian::predict {

HeldSets::HeldSets(const Trace& trace) : threads_(trace.threads.size()), sets_(1), numbers_{{{}, 0}} {}

void HeldSets::look_at(const Event& event) {
  if (event.op != Op::kAcquire && event.op != Op::kRelease) return;
  Thread& thread = threads_[event.thread];
  const HeldLock lock{event.operand, (event.flags & kShared) != 0};
  if (event.op == Op::kAcquire) {
    thread.held.push_back(lock);
  } else {
    std::erase(thread.held, lock);
  }
  thread.number = kNone;
}

uint32_t HeldSets::number_of(uint32_t number) {
  Thread& thread = threads_[number];
  if (thread.number != kNone) return thread.number;
  HeldSet sorted = thread.held;
  std::ranges::sort(sorted);
  const auto [place, added] = numbers_.try_emplace(sorted, static_cast<uint32_t>(sets_.size()));
  if (added) sets_.push_back(std::move(sorted));
  return thread.number = place->second;
}

bool exclude_each_other(const HeldSet& one, const HeldSet& other) {
  return std::ranges::any_of(one, [&](const HeldLock& mine) {
    return std::ranges::any_of(other, [&](const HeldLock& theirs) {
      return mine.lock == theirs.lock && !(mine.shared && theirs.shared);
    });
  });
}

}  // namespace gordian::predict
