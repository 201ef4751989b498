// The fast algorithm against the definition, on random tiny traces.
#include <gtest/gtest.h>

#include <random>

#include "analyzer/predict/deadlocks.h"
#include "analyzer/predict/races.h"
#include "analyzer/predict/trace_builder.h"
#include "tests/unit/predict/naive_model.h"

namespace gordian::predict {
namespace {

// A run of a made-up program under a random schedule: locks are taken only when they are free, so that what
// comes out is a trace that could have happened.
class RandomRun {
 public:
  RandomRun(uint32_t seed, uint32_t accesses_in_24) : random_(seed), accesses_(accesses_in_24) {}

  Trace make() {
    thread_count_ = 2 + below(3);
    for (uint32_t i = 0; i < thread_count_; ++i) builder_.add_thread({.name = "T" + std::to_string(i)});
    for (uint32_t i = 0; i < kLocks; ++i)
      builder_.add_lock({.name = std::string(1, static_cast<char>('a' + i))});
    for (uint32_t i = 0; i < kVariables; ++i) builder_.add_variable();
    builder_.add_resource();
    held_.resize(thread_count_);
    begun_.assign(thread_count_, true);
    joined_.assign(thread_count_, false);
    waits_.assign(thread_count_, false);
    if (below(2) == 0) begun_[thread_count_ - 1] = false;  // is created on the way
    for (int i = 0; i < 70 && builder_.trace().events.size() < 28; ++i) step(below(thread_count_));
    return builder_.take();
  }

 private:
  static constexpr uint32_t kLocks = 4;
  static constexpr uint32_t kVariables = 2;

  uint32_t below(uint32_t end) { return std::uniform_int_distribution<uint32_t>(0, end - 1)(random_); }
  Misfit add(Op op, uint32_t thread, uint32_t operand, uint8_t flags = 0) {
    return builder_.add(op, thread, operand, builder_.add_site({}), flags);
  }

  void step(uint32_t thread) {
    if (!begun_[thread] || joined_[thread]) return;
    const uint32_t other = below(thread_count_);
    if (waits_[thread]) {
      if (notified_ == 0) return;
      --notified_;
      waits_[thread] = false;
      add(Op::kWake, thread, 0);
      return;
    }
    const uint32_t what = below(24);
    if (what < accesses_) {
      const uint8_t flags = below(4) == 0 ? kAtomic : uint8_t{0};
      add(what % 2 == 0 ? Op::kRead : Op::kWrite, thread, below(kVariables), flags);
      return;
    }
    switch (what) {
      case 23:
        if (begun_[other]) return;
        begun_[other] = true;
        add(Op::kFork, thread, other);
        return;
      case 22:
        if (other == thread || !begun_[other] || joined_[other] || !held_[other].empty() || below(3) != 0)
          return;
        joined_[other] = true;
        add(Op::kJoin, thread, other);
        return;
      case 21:
        if (below(3) != 0) return;
        waits_[thread] = true;
        add(Op::kWait, thread, 0);
        return;
      case 20:
        notified_ += 1;
        add(Op::kNotify, thread, 0);
        return;
      default:
        break;
    }
    lock_or_unlock(thread);
  }

  void lock_or_unlock(uint32_t thread) {
    std::vector<uint32_t>& held = held_[thread];
    if (!held.empty() && (held.size() == 2 + below(2) || below(8) == 0)) {
      const size_t which = below(static_cast<uint32_t>(held.size()));
      ASSERT_EQ(add(Op::kRelease, thread, held[which]), Misfit::kFits);
      held.erase(held.begin() + static_cast<ptrdiff_t>(which));
      return;
    }
    const uint32_t lock = below(kLocks);
    if (builder_.depth(thread, lock) != 0) return;
    uint8_t flags = below(6) == 0 ? kShared : uint8_t{0};
    if (below(8) == 0) flags |= kCannotBlock;
    const Misfit misfit = add(Op::kAcquire, thread, lock, flags);
    if (misfit == Misfit::kFits) {
      held.push_back(lock);
    } else if ((flags & kCannotBlock) != 0) {
      add(Op::kTryFailed, thread, lock, flags);
    }
  }

  std::mt19937 random_;
  uint32_t accesses_;
  TraceBuilder builder_;
  uint32_t thread_count_ = 0;
  uint32_t notified_ = 0;
  std::vector<std::vector<uint32_t>> held_;
  std::vector<bool> begun_, joined_, waits_;
};

DeadlockShape shape_of(const Deadlock& deadlock) {
  DeadlockShape shape;
  for (const DeadlockMember& member : deadlock.members) {
    std::set<std::pair<uint32_t, bool>> held;
    for (const HeldLock& lock : member.held) held.emplace(lock.lock, lock.shared);
    shape.emplace(member.wants.lock, member.wants.shared, held);
  }
  return shape;
}

std::string text_of(const Trace& trace) {
  static constexpr const char* kNames[] = {"acq",  "rel",   "req", "try",  "r",    "w",     "fork",
                                           "join", "begin", "end", "wait", "wake", "notify"};
  std::string text;
  for (const Event& event : trace.events) {
    text += "T" + std::to_string(event.thread) + ' ' + kNames[static_cast<int>(event.op)] + ' ' +
            std::to_string(event.operand) + ((event.flags & kShared) != 0 ? " shared" : "") +
            ((event.flags & kCannotBlock) != 0 ? " try" : "") + '\n';
  }
  return text;
}

TEST(RandomTraces, WhatIsFoundIsWhatEveryReorderingTogetherReaches) {
  size_t found = 0, refuted = 0, of_three = 0;
  for (uint32_t seed = 0; seed < 600; ++seed) {
    const Trace trace = RandomRun(seed, 2).make();
    const Prediction prediction = predict_deadlocks(trace, {});
    std::set<DeadlockShape> shapes;
    for (const Deadlock& deadlock : prediction.deadlocks) {
      shapes.insert(shape_of(deadlock));
      of_three += deadlock.members.size() > 2 ? 1 : 0;
    }
    ASSERT_EQ(shapes, reached_by_exhaustion(trace).deadlocks) << "seed " << seed << '\n' << text_of(trace);
    found += shapes.size();
    refuted += prediction.statistics.not_reached;
  }
  // The traces are worth looking at.
  EXPECT_GT(found, 20u);
  EXPECT_GT(refuted, 20u);
  EXPECT_GT(of_three, 0u);
}

TEST(RandomTraces, RacesAreWhatEveryReorderingTogetherReaches) {
  size_t found = 0, refuted = 0;
  for (uint32_t seed = 0; seed < 250; ++seed) {
    const Trace trace = RandomRun(seed, 12).make();
    std::vector<std::vector<size_t>> events(trace.threads.size());
    for (size_t i = 0; i < trace.events.size(); ++i) events[trace.events[i].thread].push_back(i);
    const RacePrediction prediction = predict_races(trace);
    std::set<RacingEvents> races;
    for (const Race& race : prediction.races) {
      const auto event = [&](const RaceMember& member) { return events[member.thread][member.position]; };
      races.emplace(std::minmax(event(race.members[0]), event(race.members[1])));
    }
    ASSERT_EQ(races, reached_by_exhaustion(trace).races) << "seed " << seed << '\n' << text_of(trace);
    found += races.size();
    refuted += prediction.statistics.not_reached;
  }
  EXPECT_GT(found, 100u);
  EXPECT_GT(refuted, 100u);
}

}  // namespace
}  // namespace gordian::predict
