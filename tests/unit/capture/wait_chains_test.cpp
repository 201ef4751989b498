#include "analyzer/capture/wait_chains.h"

#include <gtest/gtest.h>

#include <set>

#include "analyzer/capture/lasting_names.h"
#include "tests/unit/scenario.h"

namespace gordian::capture {
namespace {

using test::condition;
using test::end_of;
using test::mutex;
using test::Scenario;

// `1>2>3`: thread 1 waits for what 2 has, and so on; what the chain ends with comes last.
std::string told(const WaitChain& chain) {
  std::string text;
  for (const WaitLink& link : chain.links) {
    text += std::to_string(link.thread.value + 1);
    if (link.others != 0) text += '+' + std::to_string(link.others);
    text += '>';
  }
  if (chain.end == ChainEnd::kNobody) return text + "nobody";
  text += std::to_string(chain.links.back().holder.value + 1);
  if (chain.end == ChainEnd::kCircle) text += " circle";
  if (chain.end == ChainEnd::kToldAbove) text += " above";
  return text;
}

std::vector<std::string> told(Scenario& scenario) {
  std::vector<std::string> all;
  for (const WaitChain& chain : wait_chains(scenario.snapshot())) all.push_back(told(chain));
  return all;
}

using ToldLines = std::vector<std::string>;

TEST(WaitChains, FollowTheHolderToOneThatRuns) {
  Scenario s;
  s.thread().waits(mutex(1)).thread().holds(mutex(1)).waits(mutex(2)).thread().holds(mutex(2));
  EXPECT_EQ(told(s), ToldLines{"1>2>3"});
}

TEST(WaitChains, TellACircleOnceAndFirst) {
  Scenario s;
  s.thread().waits(mutex(9)).thread().holds(mutex(9));
  s.thread().holds(mutex(1)).waits(mutex(2)).thread().holds(mutex(2)).waits(mutex(1));
  EXPECT_EQ(told(s), (ToldLines{"4>3>4 circle", "1>2"}));
}

TEST(WaitChains, ThatLeadIntoACircleEndThere) {
  Scenario s;
  s.thread().waits(end_of(2));
  s.thread().holds(mutex(1)).waits(mutex(2)).thread().holds(mutex(2)).waits(mutex(1));
  const ToldLines all = told(s);
  ASSERT_EQ(all.size(), 2u);
  EXPECT_TRUE(all[0].ends_with(" circle")) << all[0];
  EXPECT_EQ(all[1], "1>2 above");
}

TEST(WaitChains, AThreadThatWaitsForItselfIsACircle) {
  Scenario s;
  s.thread().holds(mutex(1)).waits(mutex(1));
  EXPECT_EQ(told(s), ToldLines{"1>1 circle"});
}

TEST(WaitChains, ThreadsInOneQueueAreOneChain) {
  Scenario s;
  s.thread().waits(mutex(1)).thread().waits(mutex(1)).thread().waits(mutex(1)).thread().holds(mutex(1));
  EXPECT_EQ(told(s), ToldLines{"1+2>4"});
}

TEST(WaitChains, EndWhereNobodyHasIt) {
  Scenario s;
  s.thread().waits(mutex(1)).thread().holds(mutex(1)).waits(condition(1)).thread().waits(condition(2));
  EXPECT_EQ(told(s), ToldLines{"1>2>nobody"}) << "a condition alone is no chain";
}

TEST(WaitChains, OfSeveralHoldersFollowOneThatWaits) {
  Scenario s;
  s.thread().waits(test::rwlock(1)).thread().reads(test::rwlock(1));
  s.thread().reads(test::rwlock(1)).waits(mutex(1)).thread().holds(mutex(1));
  EXPECT_EQ(told(s), ToldLines{"1>3>4"});
  EXPECT_EQ(wait_chains(s.snapshot())[0].links[0].other_holders, 1u);
}

TEST(WaitChains, TellEachQueueWithAHolderExactlyOnceWhateverTheGraph) {
  for (uint32_t seed = 1; seed < 400; ++seed) {
    Scenario s;
    uint32_t chance = seed * 2654435761u;
    const auto any_of_eight = [&] { return ((chance = chance * 1664525u + 1013904223u) >> 16) % 8; };
    std::set<model::ResourceKey> with_holder;
    for (uint32_t i = 0; i < 6; ++i) s.thread().holds(mutex(i)).waits(mutex(any_of_eight()));
    std::multiset<model::ResourceKey> reached;
    const model::Snapshot& snapshot = s.snapshot();
    for (const model::Thread& thread : snapshot.threads) {
      if (thread.wait.resource < mutex(6)) with_holder.insert(thread.wait.resource);
    }
    for (const WaitChain& chain : wait_chains(snapshot)) {
      for (const WaitLink& link : chain.links) {
        if (link.holder.valid()) reached.insert(snapshot.threads[link.thread.value].wait.resource);
      }
    }
    EXPECT_EQ(std::multiset<model::ResourceKey>(with_holder.begin(), with_holder.end()), reached) << seed;
  }
}

TEST(LongestWaits, ComeInOrderAndThoseOfOneConditionTogether) {
  Scenario s;
  s.thread().waits(condition(1)).thread().waits(mutex(1)).thread().waits(mutex(1)).thread().holds(mutex(1));
  s.thread().waits(condition(1));
  const std::vector<WaitLink> waits = longest_waits(s.snapshot());
  ASSERT_EQ(waits.size(), 3u);
  EXPECT_EQ(waits[0].thread.value, 0u);
  EXPECT_EQ(waits[0].others, 1u);
  EXPECT_FALSE(waits[0].holder.valid());
  EXPECT_EQ(waits[1].thread.value, 1u);
  EXPECT_EQ(waits[2].thread.value, 2u);
  EXPECT_EQ(waits[2].holder.value, 3u);
}

TEST(LastingNames, StayAndAreNeverGivenTwice) {
  LastingNames names;
  const LockLife a = mutex(1), b = mutex(2), c = mutex(3), reused{mutex(1), 2};
  EXPECT_EQ(names.name(a, "mutex at x"), "mutex at x");
  EXPECT_EQ(names.name(b, "mutex at x #1"), "mutex at x #1");
  EXPECT_EQ(names.name(a, "mutex at x #2"), "mutex at x") << "the view numbers it otherwise now";
  EXPECT_EQ(names.name(c, "mutex at x #1"), "mutex at x #2");
  EXPECT_EQ(names.name(reused, "mutex at x"), "mutex at x #3") << "another lock at the same address";
  EXPECT_EQ(names.name(c, "anything"), "mutex at x #2");
}

}  // namespace
}  // namespace gordian::capture
