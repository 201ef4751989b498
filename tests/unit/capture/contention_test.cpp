#include "analyzer/capture/contention.h"

#include <gtest/gtest.h>

#include "tests/unit/scenario.h"

namespace gordian::capture {
namespace {

using model::ResourceKey;

constexpr uint64_t kMs = 1'000'000;
const ResourceKey kA = test::mutex(1);
const ResourceKey kB = test::mutex(2);

// Threads that are put into a state, and looked at in that state.
class Contended : public testing::Test {
 protected:
  struct State {
    uint64_t attempts = 0;
    uint64_t last_wait = 0;
    bool in_earnest = true;
    std::optional<ResourceKey> waits;
    std::vector<ResourceKey> holds;
  };

  void waits(uint32_t serial, ResourceKey key) {
    State& state = threads_[serial];
    ++state.attempts;
    state.last_wait = state.attempts;
    state.waits = key;
  }
  // An attempt of a lock that looked free.
  void attempts(uint32_t serial, ResourceKey key) {
    ++threads_[serial].attempts;
    threads_[serial].in_earnest = false;
    threads_[serial].waits = key;
  }
  void runs(uint32_t serial) {
    threads_[serial].waits.reset();
    threads_[serial].in_earnest = true;
  }
  void holds(uint32_t serial, std::vector<ResourceKey> keys) { threads_[serial].holds = std::move(keys); }

  void look(uint64_t after_ms) {
    now_ns_ += after_ms * kMs;
    std::vector<record::ThreadEntry> entries;
    model::Snapshot snapshot;
    snapshot.now_ns = now_ns_;
    for (const auto& [serial, state] : threads_) {
      record::ThreadEntry& entry = entries.emplace_back();
      entry.thread.serial = serial;
      entry.thread.progress = state.attempts << 16;
      entry.thread.wait_attempt = state.last_wait;
      model::Thread& thread = snapshot.threads.emplace_back();
      thread.serial = serial;
      for (const ResourceKey& key : state.holds) thread.holds.push_back({key});
      if (!state.waits) continue;
      thread.waiting = true;
      thread.wait.resource = *state.waits;
      thread.wait.since_ns = state.in_earnest ? now_ns_ : 0;
    }
    contention_.add(entries, snapshot);
  }

  LockFigures figures_of(const ContentionFigures& figures, const ResourceKey& key) {
    for (const LockFigures& each : figures.locks) {
      if (each.lock == key) return each;
    }
    return {};
  }

  std::map<uint32_t, State> threads_;
  uint64_t now_ns_ = 1000 * kMs;
  Contention contention_;
};

TEST_F(Contended, AWaitIsCountedOnceHoweverOftenItIsSeen) {
  runs(1);
  look(0);
  waits(1, kA);
  for (int i = 0; i < 5; ++i) look(20);
  const LockFigures a = figures_of(contention_.take(), kA);
  EXPECT_EQ(a.waits, 1u);
  EXPECT_EQ(a.waited_ns, 100 * kMs);
}

TEST_F(Contended, TheNextWaitOfTheSameThreadForTheSameLockIsAnother) {
  runs(1);
  look(0);
  for (int i = 0; i < 3; ++i) {
    waits(1, kA);
    look(20);
  }
  EXPECT_EQ(figures_of(contention_.take(), kA).waits, 3u);
}

TEST_F(Contended, AWaitThatIsSeenFirstOfAllBeganBefore) {
  waits(1, kA);
  look(0);
  look(20);
  const LockFigures a = figures_of(contention_.take(), kA);
  EXPECT_EQ(a.waits, 0u);
  EXPECT_EQ(a.waited_ns, 20 * kMs);
}

TEST_F(Contended, AWaitThatGoesOnIsNotCountedAgainInTheNextPeriod) {
  runs(1);
  look(0);
  waits(1, kA);
  look(20);
  EXPECT_EQ(figures_of(contention_.take(), kA).waits, 1u);
  look(30);
  const ContentionFigures next = contention_.take();
  EXPECT_EQ(figures_of(next, kA).waits, 0u);
  EXPECT_EQ(figures_of(next, kA).waited_ns, 30 * kMs);
  EXPECT_EQ(next.period_ns, 30 * kMs);
  EXPECT_EQ(next.samples, 1u);
}

TEST_F(Contended, TimesOfThreadsThatWaitTogetherAddUp) {
  runs(1);
  runs(2);
  look(0);
  waits(1, kA);
  waits(2, kA);
  look(10);
  const LockFigures a = figures_of(contention_.take(), kA);
  EXPECT_EQ(a.waits, 2u);
  EXPECT_EQ(a.waited_ns, 20 * kMs);
}

TEST_F(Contended, AThreadOnItsWayIntoAFreeLockDoesNotWait) {
  runs(1);
  look(0);
  attempts(1, kA);
  look(10);
  attempts(1, kA);
  look(10);
  EXPECT_EQ(figures_of(contention_.take(), kA).waits, 0u);
}

TEST_F(Contended, AThreadThatStaysOnItsWayDoesWait) {
  runs(1);
  look(0);
  attempts(1, kA);
  look(10);
  look(10);
  look(10);
  const LockFigures a = figures_of(contention_.take(), kA);
  EXPECT_EQ(a.waits, 1u);
  EXPECT_EQ(a.waited_ns, 20 * kMs);
}

TEST_F(Contended, ALockIsHeldOnceHoweverManyReadIt) {
  holds(1, {kA, kA});
  holds(2, {kA});
  look(0);
  look(10);
  holds(1, {});
  holds(2, {});
  look(10);
  EXPECT_EQ(figures_of(contention_.take(), kA).held_ns, 10 * kMs);
}

TEST_F(Contended, WaitsThatComeAndGoBetweenSamplesAreMissedAndCounted) {
  runs(1);
  look(0);
  waits(1, kA);
  waits(1, kB);
  runs(1);
  look(20);
  const ContentionFigures figures = contention_.take();
  EXPECT_EQ(figures.waits_missed, 1u) << "that there were two, nobody can tell";
  EXPECT_TRUE(figures.locks.empty());
  EXPECT_EQ(figures.requests, 2u);
  look(20);
  EXPECT_EQ(contention_.take().waits_missed, 0u);
}

TEST_F(Contended, AWaitThatIsSeenIsNotMissed) {
  runs(1);
  look(0);
  waits(1, kA);
  look(20);
  runs(1);
  look(20);
  EXPECT_EQ(contention_.take().waits_missed, 0u);
}

TEST_F(Contended, TheMostWaitedForComesFirst) {
  runs(1);
  runs(2);
  look(0);
  waits(1, kA);
  waits(2, kB);
  look(10);
  runs(1);
  look(10);
  const ContentionFigures figures = contention_.take();
  ASSERT_EQ(figures.locks.size(), 2u);
  EXPECT_EQ(figures.locks[0].lock, kB);
}

}  // namespace
}  // namespace gordian::capture
