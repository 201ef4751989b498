#include "analyzer/verdict/deadlock.h"

#include <gtest/gtest.h>

#include "tests/unit/scenario.h"

namespace gordian::verdict {
namespace {

using namespace gordian::test;
using record::Grade;
using record::Rule;

std::vector<uint32_t> serials(const model::Snapshot& snapshot, const Verdict& verdict) {
  std::vector<uint32_t> result;
  for (const Member& member : verdict.members) result.push_back(snapshot.threads[member.thread.value].serial);
  return result;
}

// The only verdict of a scenario.
Verdict only(Scenario& scenario) {
  auto verdicts = find_deadlocks(scenario.snapshot());
  EXPECT_EQ(verdicts.size(), 1u);
  return verdicts.empty() ? Verdict{} : verdicts.front();
}

void expect(Scenario& scenario, Rule rule, Grade grade, const std::vector<uint32_t>& members) {
  const Verdict verdict = only(scenario);
  EXPECT_EQ(static_cast<int>(verdict.rule), static_cast<int>(rule));
  EXPECT_EQ(static_cast<int>(verdict.grade), static_cast<int>(grade));
  EXPECT_EQ(serials(scenario.snapshot(), verdict), members);
}

TEST(Deadlock, two_mutexes_in_opposite_order_are_a_proven_deadlock) {
  Scenario scenario;
  scenario.thread().thread().holds(mutex(1)).waits(mutex(2)).thread().holds(mutex(2)).waits(mutex(1));
  expect(scenario, Rule::kDeadlock, Grade::kProven, {2, 3});
}

TEST(Deadlock, a_cycle_starts_at_its_smallest_member_and_follows_the_holders) {
  Scenario scenario;
  scenario.thread()
      .holds(mutex(1))
      .waits(mutex(3))
      .thread()
      .holds(mutex(2))
      .waits(mutex(1))
      .thread()
      .holds(mutex(3))
      .waits(mutex(2));
  expect(scenario, Rule::kDeadlock, Grade::kProven, {1, 3, 2});
}

TEST(Deadlock, what_waits_behind_is_counted_and_not_accused) {
  Scenario scenario;
  scenario.thread().waits(end_of(2)).thread().holds(mutex(1)).waits(mutex(2)).thread().holds(mutex(2)).waits(
      mutex(1));
  scenario.thread().waits(mutex(2)).thread();
  const Verdict verdict = only(scenario);
  EXPECT_EQ(verdict.members.size(), 2u);
  EXPECT_EQ(verdict.behind, 2u);
}

TEST(Deadlock, two_cycles_are_two_verdicts) {
  Scenario scenario;
  scenario.thread().holds(mutex(1)).waits(mutex(2)).thread().holds(mutex(2)).waits(mutex(1));
  scenario.thread().holds(mutex(3)).waits(mutex(4)).thread().holds(mutex(4)).waits(mutex(3));
  EXPECT_EQ(find_deadlocks(scenario.snapshot()).size(), 2u);
}

TEST(Deadlock, a_timed_wait_fails_no_preemption) {
  Scenario scenario;
  scenario.thread().holds(mutex(1)).waits(mutex(2)).thread().holds(mutex(2)).waits_a_while(mutex(1));
  EXPECT_TRUE(find_deadlocks(scenario.snapshot()).empty());
  const std::vector<Member> members{{model::ThreadIndex{0}, model::ThreadIndex{1}, model::Link::kOwner},
                                    {model::ThreadIndex{1}, model::ThreadIndex{0}, model::Link::kOwner}};
  const Conditions conditions = check_conditions(scenario.snapshot(), members);
  EXPECT_TRUE(conditions.mutual_exclusion.holds);
  EXPECT_TRUE(conditions.hold_and_wait.holds);
  EXPECT_FALSE(conditions.no_preemption.holds);
  EXPECT_EQ(conditions.no_preemption.thread.value, 1u);
  EXPECT_TRUE(conditions.circular_wait.holds);
}

TEST(Deadlock, a_thread_that_takes_its_own_mutex_again_deadlocks_itself) {
  Scenario scenario;
  scenario.thread().holds(mutex(1)).waits(mutex(1)).thread();
  expect(scenario, Rule::kSelfDeadlock, Grade::kProven, {1});
}

TEST(Deadlock, a_reader_that_wants_to_write_waits_for_itself) {
  Scenario scenario;
  scenario.thread().reads(rwlock(1)).waits(rwlock(1)).thread();
  expect(scenario, Rule::kSelfDeadlock, Grade::kProven, {1});
}

TEST(Deadlock, two_readers_that_want_to_write_wait_for_each_other) {
  Scenario scenario;
  scenario.thread().reads(rwlock(1)).waits(rwlock(1)).thread().reads(rwlock(1)).waits(rwlock(1));
  expect(scenario, Rule::kDeadlock, Grade::kProven, {1, 2});
}

TEST(Deadlock, a_reader_behind_a_queued_writer_waits_for_it) {
  Scenario scenario;
  scenario.thread().reads(rwlock(1)).waits(mutex(1)).thread().waits(rwlock(1)).thread().holds(mutex(1)).waits(
      rwlock(1), true);
  expect(scenario, Rule::kDeadlock, Grade::kProven, {1, 3, 2});
}

TEST(Deadlock, a_join_under_a_lock_that_the_joined_thread_needs) {
  Scenario scenario;
  scenario.thread().holds(mutex(1)).waits(end_of(2)).thread().waits(mutex(1));
  expect(scenario, Rule::kDeadlock, Grade::kProven, {1, 2});
}

TEST(Deadlock, crossed_semaphores_are_inferred) {
  Scenario scenario;
  scenario.thread()
      .holds(semaphore(1))
      .waits(semaphore(2))
      .thread()
      .holds(semaphore(2))
      .waits(semaphore(1))
      .thread();
  expect(scenario, Rule::kDeadlock, Grade::kInferred, {1, 2});
}

TEST(Deadlock, one_semaphore_in_the_cycle_lowers_the_grade_of_all_of_it) {
  Scenario scenario;
  scenario.thread().holds(mutex(1)).waits(semaphore(2)).thread().holds(semaphore(2)).waits(mutex(1)).thread();
  expect(scenario, Rule::kDeadlock, Grade::kInferred, {1, 2});
}

TEST(Deadlock, a_thread_that_waits_again_for_a_semaphore_it_took_is_waiting_for_a_signal) {
  Scenario scenario;
  scenario.thread().holds(semaphore(1)).waits(semaphore(1)).thread();
  EXPECT_TRUE(find_deadlocks(scenario.snapshot()).empty());
  Scenario alone;
  alone.thread().holds(semaphore(1)).waits(semaphore(1));
  expect(alone, Rule::kSelfDeadlock, Grade::kInferred, {1});
}

TEST(Deadlock, a_nested_monitor_is_inferred_through_the_thread_that_would_signal) {
  Scenario scenario;
  scenario.thread().waits(end_of(2)).thread().holds(mutex(1)).waits(condition(1)).thread().waits(mutex(1));
  const Verdict verdict = only(scenario);
  EXPECT_EQ(serials(scenario.snapshot(), verdict), (std::vector<uint32_t>{2, 3}));
  EXPECT_EQ(static_cast<int>(verdict.grade), static_cast<int>(Grade::kInferred));
}

TEST(Deadlock, a_nested_monitor_is_seen_beside_running_threads_when_its_signallers_are_known) {
  Scenario scenario;
  scenario.signalled(condition(1), {2})
      .thread()
      .holds(mutex(1))
      .waits(condition(1))
      .thread()
      .waits(mutex(1))
      .thread();
  expect(scenario, Rule::kDeadlock, Grade::kInferred, {1, 2});
  Scenario unknown;
  unknown.thread().holds(mutex(1)).waits(condition(1)).thread().waits(mutex(1)).thread();
  EXPECT_TRUE(find_deadlocks(unknown.snapshot()).empty()) << "the third thread may signal for the first time";
}

TEST(Deadlock, an_idle_pool_is_no_deadlock_while_somebody_runs) {
  Scenario scenario;
  scenario.signalled(condition(1), {5}).thread().waits(condition(1)).thread().waits(condition(1)).thread();
  EXPECT_TRUE(find_deadlocks(scenario.snapshot()).empty());
}

TEST(AbandonedLock, an_owner_that_ended_or_stayed_in_the_parent_never_gives_back) {
  Scenario ended;
  ended.thread().holds(mutex(1)).ended().thread().waits(mutex(1)).thread();
  expect(ended, Rule::kAbandonedLock, Grade::kProven, {2});
  Scenario forked;
  forked.thread().waits(mutex(1)).thread().holds(mutex(1)).left_behind();
  expect(forked, Rule::kAbandonedLock, Grade::kProven, {1});
}

TEST(AbandonedLock, waiters_for_one_lock_are_told_together) {
  Scenario scenario;
  scenario.thread().holds(mutex(1)).ended().thread().waits(mutex(1)).thread().waits(mutex(1)).thread();
  expect(scenario, Rule::kAbandonedLock, Grade::kProven, {2, 3});
}

TEST(GlobalStall, everybody_at_a_barrier_that_lacks_one) {
  Scenario scenario;
  scenario.thread().waits(end_of(2)).thread().waits(barrier(1)).thread().waits(barrier(1));
  expect(scenario, Rule::kGlobalStall, Grade::kProven, {1, 2, 3});
}

// A shell with a handler waits for its child, whose only thread waits for a semaphore that nobody posts.
Scenario shell_and_child() {
  const ResourceKey end{ResourceKind::kProcess, 0x60000};
  Scenario scenario;
  scenario.thread().waits(end);
  scenario.thread().in_process(1).waits(semaphore(1)).holds(end);
  return scenario;
}

TEST(GlobalStall, is_told_of_the_process_that_stalls_and_not_of_those_that_wait_for_it) {
  Scenario scenario = shell_and_child();
  expect(scenario, Rule::kGlobalStall, Grade::kProven, {2});
}

TEST(GlobalStall, a_signal_handler_wakes_threads_of_its_own_process_alone) {
  Scenario scenario = shell_and_child();
  scenario.wakeable(0);
  expect(scenario, Rule::kGlobalStall, Grade::kProven, {2});
  scenario.wakeable(1);
  EXPECT_TRUE(find_deadlocks(scenario.snapshot()).empty());
}

TEST(GlobalStall, a_signal_handler_or_an_unknown_thread_keeps_it_from_being_told) {
  Scenario scenario;
  scenario.thread().waits(condition(1)).outside(0, 1);
  EXPECT_TRUE(find_deadlocks(scenario.snapshot()).empty());
  scenario.outside(1, 0);
  EXPECT_TRUE(find_deadlocks(scenario.snapshot()).empty());
}

TEST(LostWakeup, a_condition_whose_signaller_has_ended) {
  Scenario scenario;
  scenario.signalled(condition(1), {9}).thread().waits(end_of(2)).thread().waits(condition(1));
  expect(scenario, Rule::kLostWakeup, Grade::kInferred, {2});
}

TEST(LostWakeup, is_not_told_while_another_thread_runs_that_may_signal_for_the_first_time) {
  Scenario scenario;
  scenario.signalled(condition(1), {9}, 0).thread().waits(condition(1)).thread();
  EXPECT_TRUE(find_deadlocks(scenario.snapshot()).empty());
}

TEST(Deadlock, a_lock_that_another_thread_has_released_before_has_no_owner) {
  model::Resource event;
  event.key = mutex(1);
  event.released_by_other = true;
  Scenario scenario;
  scenario.resource(event).thread().holds(mutex(1)).waits(mutex(1)).thread();
  EXPECT_TRUE(find_deadlocks(scenario.snapshot()).empty());
}

TEST(AbandonedLock, a_thread_of_the_child_that_has_the_lock_outweighs_one_left_behind) {
  Scenario scenario;
  scenario.thread().waits(mutex(1)).thread().holds(mutex(1)).thread().holds(mutex(1)).left_behind();
  EXPECT_TRUE(find_deadlocks(scenario.snapshot()).empty());
}

TEST(Deadlock, a_ring_of_two_hundred_is_one_cycle) {
  Scenario scenario;
  for (uint64_t i = 0; i < 200; ++i) scenario.thread().holds(mutex(i)).waits(mutex((i + 1) % 200));
  EXPECT_EQ(only(scenario).members.size(), 200u);
}

TEST(Deadlock, multi_unit_semaphores_deadlock_as_a_knot) {
  model::Resource units;
  units.key = semaphore(1);
  units.initial_value = 3;
  Scenario scenario;
  scenario.resource(units);
  for (int i = 0; i < 3; ++i) scenario.thread().holds(semaphore(1)).waits(semaphore(1));
  scenario.thread();
  expect(scenario, Rule::kDeadlock, Grade::kInferred, {1, 2, 3});
}

// Producers that have ended took units which consumers give.
TEST(Deadlock, a_unit_of_a_thread_that_ended_is_abandoned_only_where_units_are_given_back) {
  model::Resource units;
  units.key = semaphore(1);
  units.initial_value = 1;
  for (const bool is_lock : {false, true}) {
    units.usage = is_lock ? record::Usage::kLock : record::Usage::kUnknown;
    Scenario scenario;
    scenario.resource(units);
    scenario.thread().holds(semaphore(1)).ended().thread().waits(semaphore(1)).thread();
    if (is_lock)
      expect(scenario, Rule::kAbandonedLock, Grade::kInferred, {2});
    else
      EXPECT_TRUE(find_deadlocks(scenario.snapshot()).empty());
  }
  // Nobody else is left who could give.
  units.usage = record::Usage::kUnknown;
  Scenario alone;
  alone.resource(units);
  alone.thread().holds(semaphore(1)).ended().thread().waits(semaphore(1));
  expect(alone, Rule::kAbandonedLock, Grade::kInferred, {2});
}

}  // namespace
}  // namespace gordian::verdict
