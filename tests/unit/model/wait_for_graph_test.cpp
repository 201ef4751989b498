#include "analyzer/model/wait_for_graph.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/unit/scenario.h"

namespace gordian::model {
namespace {

using namespace gordian::test;

std::vector<uint32_t> stuck_serials(const Snapshot& snapshot) {
  const std::vector<bool> stuck = WaitForGraph(snapshot).stuck(false);
  std::vector<uint32_t> serials;
  for (uint32_t i = 0; i < stuck.size(); ++i)
    if (stuck[i]) serials.push_back(snapshot.threads[i].serial);
  return serials;
}

TEST(WaitForGraph, a_running_holder_leaves_nobody_stuck) {
  Scenario scenario;
  scenario.thread().holds(mutex(1)).thread().waits(mutex(1));
  EXPECT_TRUE(stuck_serials(scenario.snapshot()).empty());
}

TEST(WaitForGraph, a_cycle_of_mutexes_and_what_waits_behind_it_is_stuck) {
  Scenario scenario;
  scenario.thread().holds(mutex(1)).waits(mutex(2)).thread().holds(mutex(2)).waits(mutex(1));
  scenario.thread().waits(mutex(1)).thread();
  EXPECT_EQ(stuck_serials(scenario.snapshot()), (std::vector<uint32_t>{1, 2, 3}));
}

TEST(WaitForGraph, a_writer_waits_for_every_reader) {
  Scenario scenario;
  scenario.thread().reads(rwlock(1)).waits(mutex(1)).thread().reads(rwlock(1));
  scenario.thread().holds(mutex(1)).waits(rwlock(1));
  EXPECT_EQ(stuck_serials(scenario.snapshot()), (std::vector<uint32_t>{1, 3}))
      << "one reader that can never go on is enough";
}

TEST(WaitForGraph, a_reader_waits_for_a_writer_but_not_for_readers) {
  Scenario scenario;
  scenario.thread().reads(rwlock(1)).waits(mutex(1)).thread().holds(mutex(1)).waits(rwlock(1), true);
  EXPECT_TRUE(stuck_serials(scenario.snapshot()).empty());
}

TEST(WaitForGraph, any_holder_of_a_semaphore_may_give_back) {
  Resource two;
  two.key = semaphore(1);
  two.initial_value = 2;
  Scenario scenario;
  scenario.resource(two).thread().holds(semaphore(1)).waits(mutex(1)).thread().holds(semaphore(1));
  scenario.thread().holds(mutex(1)).waits(semaphore(1));
  EXPECT_TRUE(stuck_serials(scenario.snapshot()).empty()) << "the second holder runs";
  scenario.thread();
  Scenario both;
  both.resource(two)
      .thread()
      .holds(semaphore(1))
      .waits(mutex(1))
      .thread()
      .holds(semaphore(1))
      .waits(mutex(1));
  both.thread().holds(mutex(1)).waits(semaphore(1)).thread();
  EXPECT_EQ(stuck_serials(both.snapshot()), (std::vector<uint32_t>{1, 2, 3}));
}

TEST(WaitForGraph, units_in_unseen_hands_may_come_back) {
  Resource three;
  three.key = semaphore(1);
  three.initial_value = 3;
  Scenario scenario;
  scenario.resource(three)
      .thread()
      .holds(semaphore(1))
      .waits(mutex(1))
      .thread()
      .holds(mutex(1))
      .waits(semaphore(1))
      .thread();
  EXPECT_TRUE(stuck_serials(scenario.snapshot()).empty());
}

TEST(WaitForGraph, a_semaphore_used_as_a_signal_has_no_holder) {
  Resource signal;
  signal.key = semaphore(1);
  signal.usage = record::Usage::kSignal;
  Scenario scenario;
  scenario.resource(signal)
      .thread()
      .holds(semaphore(1))
      .waits(mutex(1))
      .thread()
      .holds(mutex(1))
      .waits(semaphore(1))
      .thread();
  EXPECT_TRUE(stuck_serials(scenario.snapshot()).empty());
}

TEST(WaitForGraph, a_condition_can_be_signalled_by_anybody_who_runs) {
  Scenario scenario;
  scenario.thread().waits(condition(1)).thread().waits(condition(1)).thread();
  EXPECT_TRUE(stuck_serials(scenario.snapshot()).empty());
  Scenario alone;
  alone.thread().waits(condition(1)).thread().waits(end_of(1));
  EXPECT_EQ(stuck_serials(alone.snapshot()), (std::vector<uint32_t>{1, 2}));
  alone.outside(0, 1);
  EXPECT_TRUE(stuck_serials(alone.snapshot()).empty()) << "a signal handler may signal";
  alone.outside(1, 0);
  EXPECT_TRUE(stuck_serials(alone.snapshot()).empty()) << "an unknown thread may signal";
}

TEST(WaitForGraph, a_timed_wait_ends_by_itself) {
  Scenario scenario;
  scenario.thread().holds(mutex(1)).waits(mutex(2)).thread().holds(mutex(2)).waits_a_while(mutex(1));
  EXPECT_TRUE(stuck_serials(scenario.snapshot()).empty());
}

// The definition, tried on every set of threads: a set is deadlocked when nobody outside of it can end any of
// its waits.
std::vector<bool> stuck_by_definition(const Snapshot& snapshot, const WaitForGraph& waits) {
  const auto count = static_cast<uint32_t>(snapshot.threads.size());
  std::vector<bool> result(count, false);
  const bool outside = snapshot.outside.unknown_threads + snapshot.outside.signal_handlers > 0;
  for (uint32_t set = 1; set < 1u << count; ++set) {
    auto in = [&](size_t i) { return (set >> i & 1) != 0 || !snapshot.threads[i].live(); };
    bool closed = true;
    for (uint32_t i = 0; i < count && closed; ++i) {
      if (!(set >> i & 1)) continue;
      auto [first, last] = boost::adjacent_vertices(i, waits.graph());
      switch (waits.need(ThreadIndex{i})) {
        case Need::kNothing:
          closed = false;
          break;
        case Need::kAll:
          closed = std::any_of(first, last, in);
          break;
        case Need::kAny:
          closed = std::all_of(first, last, in);
          break;
        case Need::kAnyone:
          for (uint32_t other = 0; other < count; ++other) closed = closed && in(other);
          closed = closed && !outside;
          break;
      }
      closed = closed && snapshot.threads[i].live();
    }
    for (uint32_t i = 0; closed && i < count; ++i) result[i] = result[i] || (set >> i & 1);
  }
  return result;
}

TEST(WaitForGraph, reduction_agrees_with_the_definition_on_random_processes) {
  std::mt19937 random(20261123);
  auto pick = [&](uint32_t n) { return static_cast<uint32_t>(random() % n); };
  uint32_t with_stuck = 0;
  for (int round = 0; round < 6000; ++round) {
    Scenario scenario;
    Resource units;
    units.key = semaphore(0);
    units.initial_value = 1 + static_cast<int32_t>(pick(2));
    scenario.resource(units);
    const uint32_t count = 2 + pick(6);
    std::vector<bool> taken(4, false);
    for (uint32_t t = 0; t < count; ++t) {
      scenario.thread();
      if (pick(12) == 0) scenario.ended();
      for (uint32_t m = 0; m < 4; ++m)
        if (!taken[m] && pick(3) == 0) taken[m] = true, scenario.holds(mutex(m));
      if (pick(4) == 0) scenario.reads(rwlock(0));
      if (pick(5) == 0) scenario.holds(semaphore(0));
      switch (pick(8)) {
        case 0:
          break;
        case 1:
          scenario.waits(rwlock(0), pick(2) == 0);
          break;
        case 2:
          scenario.waits(semaphore(0));
          break;
        case 3:
          scenario.waits(condition(0));
          break;
        case 4:
          scenario.waits(end_of(1 + pick(count)));
          break;
        default:
          scenario.waits(mutex(pick(4)));
          break;
      }
    }
    const Snapshot& snapshot = scenario.snapshot();
    const WaitForGraph waits(snapshot);
    const auto stuck = waits.stuck(false);
    ASSERT_EQ(stuck, stuck_by_definition(snapshot, waits)) << "round " << round;
    with_stuck += std::count(stuck.begin(), stuck.end(), true) > 0;
  }
  EXPECT_GT(with_stuck, 500u) << "the processes are too healthy to tell anything";
}

}  // namespace
}  // namespace gordian::model
