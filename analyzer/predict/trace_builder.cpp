#include "analyzer/predict/trace_builder.h"

#include <algorithm>
#include <utility>

namespace gordian::predict {

std::string_view reason_of(Misfit misfit) {
  switch (misfit) {
    case Misfit::kFits:
      break;
    case Misfit::kNotHeld:
      return "a release of a lock that the thread does not hold";
    case Misfit::kHeldByOther:
      return "an acquisition of a lock that another thread holds";
    case Misfit::kOwnOtherMode:
      return "an acquisition of a lock that the thread itself holds in the other mode";
    case Misfit::kTooMany:
      return "more events than this version can number";
  }
  return "nothing wrong";
}

uint32_t TraceBuilder::add_thread(ThreadInfo info) {
  trace_.threads.push_back(std::move(info));
  return static_cast<uint32_t>(trace_.threads.size() - 1);
}

uint32_t TraceBuilder::add_lock(LockInfo info) {
  trace_.locks.push_back(std::move(info));
  states_.emplace_back();
  return static_cast<uint32_t>(trace_.locks.size() - 1);
}

uint32_t TraceBuilder::add_variable(VariableInfo info) {
  trace_.variables.push_back(std::move(info));
  return static_cast<uint32_t>(trace_.variables.size() - 1);
}

uint32_t TraceBuilder::add_site(Site site) {
  trace_.sites.push_back(std::move(site));
  return static_cast<uint32_t>(trace_.sites.size() - 1);
}

Misfit TraceBuilder::add(Op op, uint32_t thread, uint32_t operand, uint32_t site, uint8_t flags) {
  switch (op) {
    case Op::kAcquire:
      return acquire(thread, operand, site, flags);
    case Op::kRelease:
      return release(thread, operand, site);
    case Op::kRequest:
      // Asking for what the thread has never blocks it.
      if (depth(thread, operand) != 0) return Misfit::kFits;
      break;
    case Op::kRead:
    case Op::kWrite:
      trace_.holds_accesses = true;
      break;
    default:
      break;
  }
  return append({thread, operand, site, op, flags});
}

uint32_t TraceBuilder::depth(uint32_t thread, uint32_t lock) const {
  const LockState& state = states_[lock];
  if (state.exclusive && state.exclusive->thread == thread) return state.exclusive->depth;
  for (const Hold& hold : state.shared) {
    if (hold.thread == thread) return hold.depth;
  }
  return 0;
}

uint32_t TraceBuilder::other_holder(uint32_t thread, uint32_t lock) const {
  const LockState& state = states_[lock];
  if (state.exclusive && state.exclusive->thread != thread) return state.exclusive->thread;
  for (const Hold& hold : state.shared) {
    if (hold.thread != thread) return hold.thread;
  }
  return kNone;
}

TraceBuilder::Hold* TraceBuilder::hold_of(uint32_t thread, uint32_t lock, bool shared) {
  LockState& state = states_[lock];
  if (!shared) return state.exclusive && state.exclusive->thread == thread ? &*state.exclusive : nullptr;
  const auto found = std::ranges::find(state.shared, thread, &Hold::thread);
  return found == state.shared.end() ? nullptr : &*found;
}

Misfit TraceBuilder::acquire(uint32_t thread, uint32_t lock, uint32_t site, uint8_t flags) {
  LockState& state = states_[lock];
  const bool shared = (flags & kShared) != 0;
  if (Hold* hold = hold_of(thread, lock, shared)) {
    ++hold->depth;
    return Misfit::kFits;
  }
  if (hold_of(thread, lock, !shared) != nullptr) return Misfit::kOwnOtherMode;
  if (state.exclusive || (!shared && !state.shared.empty())) return Misfit::kHeldByOther;
  if (shared) {
    state.shared.push_back({thread, 1});
  } else {
    state.exclusive = Hold{thread, 1};
  }
  if (trace_.locks[lock].first_site == kNone) trace_.locks[lock].first_site = site;
  return append({thread, lock, site, Op::kAcquire, flags});
}

Misfit TraceBuilder::release(uint32_t thread, uint32_t lock, uint32_t site) {
  LockState& state = states_[lock];
  if (Hold* hold = hold_of(thread, lock, false)) {
    if (--hold->depth != 0) return Misfit::kFits;
    state.exclusive.reset();
    return append({thread, lock, site, Op::kRelease, 0});
  }
  Hold* hold = hold_of(thread, lock, true);
  if (hold == nullptr) return Misfit::kNotHeld;
  if (--hold->depth != 0) return Misfit::kFits;
  *hold = state.shared.back();
  state.shared.pop_back();
  return append({thread, lock, site, Op::kRelease, kShared});
}

Misfit TraceBuilder::release_all(uint32_t thread, uint32_t lock, uint32_t site) {
  if (Hold* hold = hold_of(thread, lock, false)) hold->depth = 1;
  return release(thread, lock, site);
}

Misfit TraceBuilder::acquire_to(uint32_t depth, uint32_t thread, uint32_t lock, uint32_t site) {
  const Misfit misfit = acquire(thread, lock, site, 0);
  if (misfit == Misfit::kFits) states_[lock].exclusive->depth = depth;
  return misfit;
}

Misfit TraceBuilder::append(const Event& event) {
  // Positions are 32 bits, and kNone is not one.
  if (trace_.events.size() >= kNone - 1) return Misfit::kTooMany;
  trace_.events.push_back(event);
  ++trace_.threads[event.thread].event_count;
  return Misfit::kFits;
}

}  // namespace gordian::predict
