#include "analyzer/verdict/inversion.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <random>
#include <set>

#include "analyzer/verdict/thread_order.h"
#include "tests/unit/order_scenario.h"

namespace gordian::verdict {
namespace {

using namespace gordian::test;
using record::Grade;

Inversion only(const OrderScenario& run, const InversionLimits& limits = {}) {
  const Inversions found = find_inversions(run.order(), limits);
  EXPECT_EQ(found.all.size(), 1u);
  return found.all.empty() ? Inversion{} : found.all.front();
}

bool is_possible(const OrderScenario& run) {
  return only(run).grade == Grade::kPossible;
}

bool rules_out(const Inversion& inversion, RuledOut by) {
  return inversion.grade == Grade::kUnlikely && !inversion.undecided &&
         std::any_of(inversion.obstacles.begin(), inversion.obstacles.end(),
                     [by](const Obstacle& obstacle) { return obstacle.by == by; });
}

OrderScenario opposite_orders() {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2)});
  run.takes(2, {mutex(2), mutex(1)});
  return run;
}

TEST(Inversion, two_threads_with_opposite_orders_are_possible) {
  OrderScenario run = opposite_orders();
  const Inversion found = only(run);
  EXPECT_EQ(found.grade, Grade::kPossible);
  EXPECT_TRUE(found.obstacles.empty());
  EXPECT_FALSE(found.undecided);
  ASSERT_EQ(found.edges.size(), 2u);
  for (size_t i = 0; i < 2; ++i) {
    const InversionEdge& edge = found.edges[i];
    EXPECT_EQ(edge.asked, found.edges[1 - i].held);
    EXPECT_EQ(run.step(edge.step).lock, edge.asked);
    EXPECT_EQ(run.step(edge.ancestor).lock, edge.held);
    EXPECT_EQ(edge.thread_serial, run.step(edge.step).witnesses[0].thread_serial);
    EXPECT_EQ(edge.contexts, 1u);
  }
}

TEST(Inversion, one_order_is_none) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2), mutex(3)});
  run.takes(2, {mutex(1), mutex(3)});
  run.takes(2, {mutex(2), mutex(3)});
  EXPECT_TRUE(find_inversions(run.order()).all.empty());
  EXPECT_TRUE(find_inversions({}).all.empty());
}

TEST(Inversion, a_single_thread_cannot_deadlock_with_itself) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2)});
  const uint32_t step = run.takes(1, {mutex(2), mutex(1)});
  const Inversion found = only(run);
  EXPECT_TRUE(rules_out(found, RuledOut::kSingleThread));
  EXPECT_EQ(found.obstacles[0].thread, 1u);

  run.step(step).witnesses.push_back({2, 0, 0});
  EXPECT_TRUE(is_possible(run));
}

TEST(Inversion, two_threads_are_too_few_for_three_edges) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2)});
  run.takes(2, {mutex(2), mutex(3)});
  const uint32_t step = run.takes(1, {mutex(3), mutex(1)});
  run.step(step).witnesses.push_back({2, 0, 0});
  EXPECT_TRUE(rules_out(only(run), RuledOut::kSingleThread));
  run.step(step).witnesses.push_back({3, 0, 0});
  const Inversion found = only(run);
  EXPECT_EQ(found.grade, Grade::kPossible);
  EXPECT_EQ(found.edges[2].thread_serial, 3u);
}

TEST(Inversion, threads_that_are_not_listed_rule_nothing_out) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2)});
  const uint32_t step = run.takes(1, {mutex(2), mutex(1)});
  run.step(step).witnesses_dropped = true;
  const Inversion found = only(run);
  EXPECT_EQ(found.grade, Grade::kPossible);
  EXPECT_EQ(found.edges[1].thread_serial, 0u);

  OrderScenario nobody;
  nobody.takes(0, {mutex(1), mutex(2)});
  nobody.takes(0, {mutex(2), mutex(1)});
  EXPECT_TRUE(is_possible(nobody)) << "somebody must have gone there";
}

TEST(Inversion, a_guard_on_both_ways_keeps_them_apart) {
  OrderScenario run;
  run.takes(1, {mutex(9), mutex(1), mutex(2)});
  run.takes(2, {mutex(9), mutex(2), mutex(1)});
  const Inversion found = only(run);
  EXPECT_TRUE(rules_out(found, RuledOut::kGuard));
  EXPECT_EQ(found.obstacles[0].lock, run.lock(mutex(9)));
}

TEST(Inversion, a_guard_taken_between_the_two_locks_is_a_guard) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(9), mutex(2)});
  run.takes(2, {mutex(9), mutex(2), mutex(1)});
  const Inversion found = only(run);
  EXPECT_EQ(found.edges.size(), 2u);
  EXPECT_TRUE(rules_out(found, RuledOut::kGuard));
}

TEST(Inversion, a_guard_on_one_way_alone_is_none) {
  OrderScenario run;
  run.takes(1, {mutex(9), mutex(1), mutex(2)});
  run.takes(2, {mutex(2), mutex(1)});
  EXPECT_TRUE(is_possible(run));
  OrderScenario two;
  two.takes(1, {mutex(8), mutex(1), mutex(2)});
  two.takes(2, {mutex(9), mutex(2), mutex(1)});
  EXPECT_TRUE(is_possible(two)) << "different guards";
}

TEST(Inversion, one_way_without_the_guard_is_enough) {
  OrderScenario run;
  run.takes(1, {mutex(9), mutex(1), mutex(2)});
  run.takes(2, {mutex(9), mutex(2), mutex(1)});
  run.takes(3, {mutex(2), mutex(1)});
  const Inversion found = only(run);
  EXPECT_EQ(found.grade, Grade::kPossible);
  const bool first_is_guarded = found.edges[0].thread_serial == 1 && found.edges[1].thread_serial == 3;
  EXPECT_TRUE(first_is_guarded) << found.edges[0].thread_serial << ' ' << found.edges[1].thread_serial;
}

TEST(Inversion, a_guard_that_both_hold_as_readers_is_none) {
  OrderScenario run;
  run.takes(1, {read(rwlock(9)), mutex(1), mutex(2)});
  run.takes(2, {read(rwlock(9)), mutex(2), mutex(1)});
  EXPECT_TRUE(is_possible(run));
  OrderScenario writer;
  writer.takes(1, {read(rwlock(9)), mutex(1), mutex(2)});
  writer.takes(2, {rwlock(9), mutex(2), mutex(1)});
  EXPECT_TRUE(rules_out(only(writer), RuledOut::kGuard));
}

TEST(Inversion, a_semaphore_guards_only_with_one_unit) {
  OrderScenario run;
  run.takes(1, {semaphore(9), mutex(1), mutex(2)});
  run.takes(2, {semaphore(9), mutex(2), mutex(1)});
  EXPECT_TRUE(is_possible(run)) << "how many units it has is not known";
  run.at(semaphore(9)).units = 2;
  EXPECT_TRUE(is_possible(run));
  run.at(semaphore(9)).units = 1;
  EXPECT_TRUE(rules_out(only(run), RuledOut::kGuard));
  run.at(semaphore(9)).usage = record::Usage::kSignal;
  EXPECT_TRUE(is_possible(run)) << "an event";
}

TEST(Inversion, a_lock_released_before_the_attempt_is_no_guard) {
  OrderScenario run;
  run.takes(1, {mutex(9), mutex(1)});
  run.takes(1, {mutex(1), mutex(2)});
  run.takes(2, {mutex(9), mutex(2)});
  run.takes(2, {mutex(2), mutex(1)});
  EXPECT_TRUE(is_possible(run));
}

TEST(Inversion, what_a_thread_did_before_it_created_the_other_is_over) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2)}, 0, 0);
  const uint32_t step = run.takes(2, {mutex(2), mutex(1)}, 0, 0);
  run.created(1, 0, 2);
  const Inversion found = only(run);
  EXPECT_TRUE(rules_out(found, RuledOut::kThreadOrder));
  EXPECT_EQ(found.obstacles[0].thread, 1u);
  EXPECT_EQ(found.obstacles[0].other_thread, 2u);
  run.step(step).witnesses.push_back({3, 0, 0});
  EXPECT_TRUE(is_possible(run)) << "thread 3 was not created after that";
}

TEST(Inversion, what_a_thread_does_after_the_creation_runs_beside_it) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2)}, 1, 1);
  run.takes(2, {mutex(2), mutex(1)}, 0, 0);
  run.created(1, 0, 2);
  EXPECT_TRUE(is_possible(run));
}

TEST(Inversion, threads_that_are_joined_one_after_the_other_do_not_meet) {
  OrderScenario run;
  run.takes(2, {mutex(1), mutex(2)});
  run.takes(3, {mutex(2), mutex(1)});
  run.created(1, 0, 2).joined(2, 1, 2).created(1, 2, 3);
  EXPECT_TRUE(rules_out(only(run), RuledOut::kThreadOrder));
  OrderScenario beside;
  beside.takes(2, {mutex(1), mutex(2)});
  beside.takes(3, {mutex(2), mutex(1)});
  beside.created(1, 0, 2).created(1, 1, 3).joined(2, 1, 3);
  EXPECT_TRUE(is_possible(beside));
}

TEST(Inversion, before_and_after_a_thread_is_not_beside_it) {
  OrderScenario run;
  const uint32_t step = run.takes(1, {mutex(1), mutex(2)}, 0, 0);
  run.step(step).witnesses.push_back({1, 2, 2});
  run.takes(2, {mutex(2), mutex(1)});
  run.created(1, 0, 2).joined(2, 1, 2);
  EXPECT_TRUE(rules_out(only(run), RuledOut::kThreadOrder));
  run.step(step).witnesses = {{1, 0, 2}};
  EXPECT_TRUE(is_possible(run)) << "it may have been there in between";
}

TEST(Inversion, links_that_are_there_hold_where_others_are_missing) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2)}, 0, 0);
  run.takes(2, {mutex(2), mutex(1)}, 0, 0);
  run.created(1, 0, 2);
  run.order().links_dropped = true;
  EXPECT_TRUE(rules_out(only(run), RuledOut::kThreadOrder));
}

TEST(Inversion, readers_do_not_keep_each_other_out) {
  OrderScenario run;
  run.takes(1, {read(rwlock(1)), mutex(2)});
  run.takes(2, {mutex(2), read(rwlock(1))});
  const Inversion found = only(run);
  EXPECT_TRUE(rules_out(found, RuledOut::kSharedRead));
  EXPECT_EQ(found.obstacles[0].lock, run.lock(rwlock(1)));
  run.takes(3, {mutex(5), rwlock(1)});
  EXPECT_TRUE(rules_out(only(run), RuledOut::kSharedRead)) << "readers come first";
}

TEST(Inversion, a_writer_in_the_queue_keeps_readers_out_where_writers_come_first) {
  OrderScenario run;
  run.takes(1, {read(rwlock(1)), mutex(2)});
  run.takes(2, {mutex(2), read(rwlock(1))});
  run.at(rwlock(1)).prefers_writers = true;
  EXPECT_TRUE(rules_out(only(run), RuledOut::kSharedRead)) << "nobody writes";
  const uint32_t writer = run.takes(2, {rwlock(1)});
  EXPECT_TRUE(rules_out(only(run), RuledOut::kSharedRead)) << "thread 2 cannot write while it waits to read";
  run.step(writer).witnesses.push_back({3, 0, 0});
  EXPECT_TRUE(is_possible(run));
  run.step(writer).timed = true;
  EXPECT_TRUE(rules_out(only(run), RuledOut::kSharedRead)) << "the writer gives up by itself";
}

TEST(Inversion, a_writer_that_cannot_come_meanwhile_keeps_nobody_out) {
  OrderScenario run;
  run.takes(1, {read(rwlock(1)), mutex(2)});
  run.takes(2, {mutex(2), read(rwlock(1))});
  run.at(rwlock(1)).prefers_writers = true;
  run.takes(3, {mutex(2), rwlock(1)});
  // It is an exclusive way of its own to ask for the lock with mutex 2 held, and as such possible.
  EXPECT_TRUE(is_possible(run));
  OrderScenario after;
  after.takes(1, {read(rwlock(1)), mutex(2)});
  after.takes(2, {mutex(2), read(rwlock(1))});
  after.at(rwlock(1)).prefers_writers = true;
  after.takes(3, {rwlock(1)});
  after.joined(1, 3, 0);
  EXPECT_TRUE(rules_out(only(after), RuledOut::kSharedRead)) << "thread 3 begins when thread 1 has ended";
}

TEST(Inversion, a_reader_and_a_writer_keep_each_other_out) {
  OrderScenario run;
  run.takes(1, {read(rwlock(1)), mutex(2)});
  run.takes(2, {mutex(2), rwlock(1)});
  EXPECT_TRUE(is_possible(run));
  OrderScenario held_alone;
  held_alone.takes(1, {rwlock(1), mutex(2)});
  held_alone.takes(2, {mutex(2), read(rwlock(1))});
  EXPECT_TRUE(is_possible(held_alone));
}

TEST(Inversion, an_attempt_with_a_timeout_ends_by_itself) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2)});
  const uint32_t step = run.takes(2, {mutex(2), mutex(1)});
  run.step(step).timed = true;
  const Inversion found = only(run);
  EXPECT_TRUE(rules_out(found, RuledOut::kTimedAttempt));
  EXPECT_EQ(found.obstacles[0].lock, run.lock(mutex(1)));
  run.takes(2, {mutex(2), mutex(3), mutex(1)});
  bool possible = false;
  for (const Inversion& each : find_inversions(run.order()).all) possible |= each.grade == Grade::kPossible;
  EXPECT_TRUE(possible) << "another way to ask has none";
}

TEST(Inversion, an_address_that_is_used_again_is_another_lock) {
  OrderScenario run;
  run.takes(1, {life(1, mutex(1)), mutex(2)});
  run.takes(2, {mutex(2), life(2, mutex(1))});
  const Inversion found = only(run);
  EXPECT_TRUE(rules_out(found, RuledOut::kRecycledAddress));
  ASSERT_FALSE(found.obstacles.empty());
  EXPECT_EQ(run.order().locks[found.obstacles[0].lock].key, mutex(1));
}

TEST(Inversion, of_two_lives_of_one_address_is_no_deadlock) {
  OrderScenario run;
  run.takes(1, {life(1, mutex(1)), mutex(2)});
  run.takes(2, {mutex(2), life(2, mutex(1))});
  run.takes(3, {life(2, mutex(1)), mutex(3)});
  run.takes(4, {mutex(3), life(1, mutex(1))});
  for (const Inversion& each : find_inversions(run.order()).all)
    EXPECT_TRUE(rules_out(each, RuledOut::kRecycledAddress));
}

TEST(Inversion, the_same_addresses_in_another_life_are_one_cycle_with_the_stronger_grade) {
  OrderScenario run;
  run.takes(1, {life(1, mutex(1)), mutex(2)});
  run.takes(1, {mutex(2), life(1, mutex(1))});
  run.takes(1, {life(2, mutex(1)), mutex(2)});
  run.takes(2, {mutex(2), life(2, mutex(1))});
  const Inversion found = only(run);
  EXPECT_EQ(found.grade, Grade::kPossible);
  EXPECT_EQ(found.instances, 2u);
}

TEST(Inversion, a_semaphore_of_several_units_leaves_some) {
  OrderScenario run;
  run.takes(1, {semaphore(1), mutex(2)});
  run.takes(2, {mutex(2), semaphore(1)});
  EXPECT_TRUE(is_possible(run));
  run.at(semaphore(1)).units = 1;
  EXPECT_TRUE(is_possible(run));
  run.at(semaphore(1)).units = 2;
  EXPECT_TRUE(rules_out(only(run), RuledOut::kSeveralUnits));
}

TEST(Inversion, a_semaphore_lets_no_more_threads_in_than_it_has_units) {
  OrderScenario run;
  run.takes(1, {semaphore(9), mutex(1), mutex(2)});
  run.takes(2, {semaphore(9), mutex(2), mutex(3)});
  run.takes(3, {semaphore(9), mutex(3), mutex(1)});
  run.at(semaphore(9)).units = 3;
  EXPECT_TRUE(is_possible(run));
  run.at(semaphore(9)).units = 2;
  EXPECT_TRUE(rules_out(only(run), RuledOut::kTooFewUnits));
  run.at(semaphore(9)).usage = record::Usage::kSignal;
  EXPECT_TRUE(is_possible(run)) << "others may post it";
}

TEST(Inversion, a_thread_that_is_joined_under_a_lock_that_it_takes) {
  OrderScenario run;
  run.takes(1, {mutex(1), end_of(2)}, 1, 1);
  run.takes(2, {mutex(1)});
  run.created(1, 0, 2);
  const Inversion found = only(run);
  EXPECT_EQ(found.grade, Grade::kPossible);
  ASSERT_EQ(found.edges.size(), 2u);
  const InversionEdge& of_joined =
      found.edges[0].ancestor == model::kNoStep ? found.edges[0] : found.edges[1];
  EXPECT_EQ(of_joined.ancestor, model::kNoStep);
  EXPECT_EQ(of_joined.thread_serial, 2u);
  EXPECT_EQ(of_joined.held, run.lock(end_of(2)));
}

TEST(Inversion, a_thread_that_said_under_the_lock_that_it_was_done) {
  OrderScenario run;
  run.takes(1, {mutex(1), end_of(2)}, 1, 1);
  run.takes(2, {mutex(1)});
  run.takes(2, {mutex(3)});
  run.created(1, 0, 2);
  run.at(end_of(2)).told_under = run.lock(mutex(1));
  EXPECT_TRUE(rules_out(only(run), RuledOut::kToldItsEnd));
  run.at(end_of(2)).told_under = run.lock(mutex(3));
  EXPECT_TRUE(is_possible(run)) << "another lock says nothing of this one";
}

TEST(Inversion, only_the_joined_thread_itself_keeps_its_joiner) {
  OrderScenario run;
  run.takes(1, {mutex(1), end_of(2)});
  const uint32_t step = run.takes(3, {mutex(1)});
  run.step(step).witnesses_dropped = true;
  EXPECT_TRUE(find_inversions(run.order()).all.empty());
}

TEST(Inversion, what_the_joined_thread_took_before_its_joiner_came_is_over) {
  OrderScenario run;
  run.takes(2, {mutex(1)}, 0, 0);
  run.takes(3, {mutex(1), end_of(2)}, 0, 0);
  run.created(2, 0, 3);  // thread 2 took it, and then made the thread that joins it
  EXPECT_TRUE(rules_out(only(run), RuledOut::kThreadOrder));
}

TEST(Inversion, a_guard_keeps_the_joined_thread_out_too) {
  OrderScenario run;
  run.takes(1, {mutex(9), mutex(1), end_of(2)});
  run.takes(2, {mutex(9), mutex(1)});
  bool inner_is_ruled_out = false;
  for (const Inversion& each : find_inversions(run.order()).all) {
    const auto is_inner = [&](const InversionEdge& edge) { return edge.held == run.lock(mutex(1)); };
    if (std::any_of(each.edges.begin(), each.edges.end(), is_inner))
      inner_is_ruled_out = rules_out(each, RuledOut::kGuard);
  }
  EXPECT_TRUE(inner_is_ruled_out);
}

TEST(Inversion, threads_that_join_each_other) {
  OrderScenario run;
  run.takes(1, {end_of(2)});
  run.takes(2, {end_of(1)});
  EXPECT_TRUE(is_possible(run));
}

TEST(Inversion, a_ring_of_three_hundred) {
  OrderScenario run;
  for (uint32_t i = 0; i < 300; ++i) run.takes(1 + i, {mutex(i), mutex((i + 1) % 300)});
  const Inversion found = only(run);
  EXPECT_EQ(found.grade, Grade::kPossible);
  EXPECT_EQ(found.edges.size(), 300u);
}

// Ways with one guard or another, so that the last edge contradicts the first, whatever is chosen between.
TEST(Inversion, a_long_search_that_two_edges_settle_is_settled) {
  OrderScenario run;
  constexpr uint32_t kSize = 40;
  for (uint32_t i = 0; i < kSize; ++i) {
    const Asked from = mutex(i), to = mutex((i + 1) % kSize);
    const bool is_end = i == 0 || i == kSize - 1;
    for (uint32_t way = 0; way < 3; ++way)
      run.takes(1 + 3 * i + way, {is_end ? Asked(mutex(900)) : Asked(mutex(100 + 3 * i + way)), from, to});
  }
  InversionLimits limits;
  limits.tries_per_cycle = 20'000;
  limits.cycles.steps_per_component = 100'000;
  const Inversion found = only(run, limits);
  EXPECT_EQ(found.edges.size(), kSize);
  EXPECT_TRUE(rules_out(found, RuledOut::kGuard));
}

TEST(Inversion, a_search_that_is_given_up_says_so_and_is_not_called_possible) {
  OrderScenario run = opposite_orders();
  InversionLimits none;
  none.tries = 0;
  const Inversion found = only(run, none);
  EXPECT_EQ(found.grade, Grade::kUnlikely);
  EXPECT_TRUE(found.undecided);
  OrderScenario guarded;
  for (uint32_t i = 0; i < 5; ++i) guarded.takes(1, {mutex(9), mutex(20 + i), mutex(1), mutex(2)});
  guarded.takes(2, {mutex(9), mutex(2), mutex(1)});
  InversionLimits few;
  few.graph.contexts_per_edge = 2;
  const Inversion cut = only(guarded, few);
  EXPECT_TRUE(cut.undecided) << "three ways were not looked at";
  EXPECT_EQ(cut.obstacles.at(0).by, RuledOut::kGuard);
}

TEST(Inversion, that_is_ruled_out_is_told_by_the_fewest_locks_that_make_it) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2)});
  run.takes(1, {mutex(2), mutex(3)});
  run.takes(1, {mutex(1), mutex(3)});
  const uint32_t back = run.takes(1, {mutex(3), mutex(1)});
  EXPECT_EQ(only(run).edges.size(), 2u) << "1, 2, 3 goes around as well";
  run.step(back).witnesses.push_back({2, 0, 0});
  run.step(run.takes(1, {mutex(1), mutex(2)})).witnesses.push_back({3, 0, 0});
  const std::vector<Inversion> all = find_inversions(run.order()).all;
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[1].edges.size(), 3u) << "what is possible is told, however long";
}

// The definition, tried out: one way and one thread for each edge, so that no two exclude each other.
class EveryChoice {
 public:
  explicit EveryChoice(const model::LockOrder& order) : order_(order), threads_(order.links) {}

  bool any(const std::vector<InversionEdge>& edges) {
    chosen_.clear();
    return any_from(edges, 0);
  }

 private:
  struct Way {
    Span who;
    std::set<uint32_t> held;
  };

  std::vector<Way> ways(const InversionEdge& edge) const {
    std::vector<Way> all;
    for (const model::OrderStep& step : order_.steps) {
      if (!step.attempted || step.timed || step.lock != edge.asked) continue;
      std::set<uint32_t> held;
      for (uint32_t above = step.parent; above != UINT32_MAX; above = order_.steps[above].parent)
        held.insert(order_.steps[above].lock);
      if (!held.contains(edge.held) || held.contains(edge.asked)) continue;
      for (const model::Witness& each : step.witnesses)
        all.push_back({{each.thread_serial, each.first_segment, each.last_segment}, held});
    }
    return all;
  }

  bool fits(const Way& way) {
    return std::all_of(chosen_.begin(), chosen_.end(), [&](const Way& other) {
      std::vector<uint32_t> both;
      std::set_intersection(way.held.begin(), way.held.end(), other.held.begin(), other.held.end(),
                            std::back_inserter(both));
      return both.empty() && way.who.thread_serial != other.who.thread_serial &&
             !threads_.apart(way.who, other.who);
    });
  }

  bool any_from(const std::vector<InversionEdge>& edges, size_t index) {
    if (index == edges.size()) return true;
    for (const Way& way : ways(edges[index])) {
      if (!fits(way)) continue;
      chosen_.push_back(way);
      if (any_from(edges, index + 1)) return true;
      chosen_.pop_back();
    }
    return false;
  }

  const model::LockOrder& order_;
  ThreadOrder threads_;
  std::vector<Way> chosen_;
};

TEST(Inversion, of_random_runs_is_possible_exactly_where_some_choice_fits) {
  std::mt19937 random(17);
  uint32_t possible = 0, unlikely = 0;
  for (int round = 0; round < 600; ++round) {
    OrderScenario run;
    const auto threads = static_cast<uint32_t>(2 + random() % 3);
    for (int i = 0; i < 9; ++i) {
      std::vector<Asked> path;
      const size_t size = 2 + random() % 3;
      while (path.size() < size) path.push_back(mutex(random() % 5));
      const auto segment = static_cast<uint32_t>(random() % 3);
      const uint32_t step = run.takes(1 + static_cast<uint32_t>(random() % threads), path, segment, segment);
      run.step(step).timed = random() % 8 == 0;
    }
    for (uint32_t thread = 2; thread <= threads; ++thread)
      if (random() % 2 == 0) run.created(1, static_cast<uint32_t>(random() % 3), thread);
    EveryChoice every(run.order());
    for (const Inversion& each : find_inversions(run.order()).all) {
      ASSERT_FALSE(each.undecided);
      EXPECT_EQ(each.grade == Grade::kPossible, every.any(each.edges)) << "round " << round;
      EXPECT_EQ(each.obstacles.empty(), each.grade == Grade::kPossible);
      ++(each.grade == Grade::kPossible ? possible : unlikely);
    }
  }
  EXPECT_GT(possible, 100u);
  EXPECT_GT(unlikely, 100u);
}

TEST(Inversion, possible_ones_come_first_and_shorter_ones_before_longer) {
  OrderScenario run;
  run.takes(1, {mutex(1), mutex(2)});
  run.takes(1, {mutex(2), mutex(1)});
  run.takes(1, {mutex(3), mutex(4)});
  run.takes(2, {mutex(4), mutex(5)});
  run.takes(3, {mutex(5), mutex(3)});
  run.takes(1, {mutex(6), mutex(7)});
  run.takes(2, {mutex(7), mutex(6)});
  const std::vector<Inversion> all = find_inversions(run.order()).all;
  ASSERT_EQ(all.size(), 3u);
  EXPECT_EQ(all[0].edges.size(), 2u);
  EXPECT_EQ(all[0].grade, Grade::kPossible);
  EXPECT_EQ(all[1].edges.size(), 3u);
  EXPECT_EQ(all[2].grade, Grade::kUnlikely);
}

TEST(Inversion, of_three_hundred_locks_in_all_orders_is_judged_in_time) {
  OrderScenario small;
  model::LockOrder& order = small.order();
  constexpr uint32_t kSize = 300;
  for (uint32_t i = 0; i < kSize; ++i) {
    order.locks.push_back({mutex(i), 1});
    order.steps.push_back({UINT32_MAX, i});
  }
  for (uint32_t from = 0; from < kSize; ++from) {
    for (uint32_t to = 0; to < kSize; ++to) {
      if (from == to) continue;
      model::OrderStep step;
      step.parent = from;
      step.lock = to;
      step.attempted = true;
      step.witnesses = {{1, 0, 0}, {2, 0, 0}};
      order.steps.push_back(step);
    }
  }
  const auto start = std::chrono::steady_clock::now();
  const Inversions found = find_inversions(order);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(2));
  EXPECT_GT(found.edges_uncovered, 0u);
  EXPECT_FALSE(found.every_cycle);
  EXPECT_EQ(found.all.front().grade, Grade::kPossible);
}

}  // namespace
}  // namespace gordian::verdict
