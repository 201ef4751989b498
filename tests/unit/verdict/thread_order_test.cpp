#include "analyzer/verdict/thread_order.h"

#include <gtest/gtest.h>

#include <random>

namespace gordian::verdict {
namespace {

// Thread 1 creates 2 after segment 0 and 3 after segment 1, and joins 2 before segment 3.
const std::vector<model::ThreadLink> kFamily = {{1, 0, 2, 0}, {1, 1, 3, 0}, {2, UINT32_MAX, 1, 3}};

TEST(ThreadOrder, what_is_done_before_the_creation_comes_first) {
  ThreadOrder order(kFamily);
  EXPECT_TRUE(order.before({1, 0, 0}, {2, 0, 0}));
  EXPECT_FALSE(order.before({1, 1, 1}, {2, 0, 0})) << "after the creation they run side by side";
  EXPECT_FALSE(order.before({1, 0, 1}, {2, 0, 0})) << "all of it has to be over";
  EXPECT_FALSE(order.before({2, 0, 0}, {1, 0, 0}));
}

TEST(ThreadOrder, what_is_done_after_the_join_comes_last) {
  ThreadOrder order(kFamily);
  EXPECT_TRUE(order.before({2, 0, 7}, {1, 3, 3}));
  EXPECT_FALSE(order.before({2, 0, 0}, {1, 2, 2}));
  EXPECT_TRUE(order.apart({1, 4, 4}, {2, 0, 0}));
}

TEST(ThreadOrder, goes_on_through_other_threads) {
  ThreadOrder order(kFamily);
  EXPECT_TRUE(order.before({1, 0, 0}, {3, 0, 0}));
  EXPECT_FALSE(order.apart({2, 0, 0}, {3, 0, 0})) << "siblings";
  ThreadOrder chain({{2, UINT32_MAX, 1, 1}, {1, 1, 3, 0}, {3, 2, 4, 0}});
  EXPECT_TRUE(chain.before({2, 5, 5}, {4, 0, 0}));
  EXPECT_FALSE(chain.before({3, 3, 3}, {4, 0, 0}));
}

TEST(ThreadOrder, ends_where_links_go_in_circles) {
  ThreadOrder order({{1, 5, 2, 3}, {2, 9, 1, 2}, {2, 1, 3, 0}});
  EXPECT_TRUE(order.before({1, 0, 0}, {2, 3, 3}));
  EXPECT_FALSE(order.before({1, 0, 0}, {3, 0, 0})) << "it leaves thread 2 before it is reached";
}

TEST(ThreadOrder, agrees_with_a_closure_over_single_segments) {
  constexpr uint32_t kThreads = 5, kSegments = 4;
  std::mt19937 random(3);
  for (int round = 0; round < 200; ++round) {
    std::vector<model::ThreadLink> links;
    for (int i = 0; i < 6; ++i)
      links.push_back(
          {static_cast<uint32_t>(random() % kThreads), static_cast<uint32_t>(random() % kSegments),
           static_cast<uint32_t>(random() % kThreads), static_cast<uint32_t>(random() % kSegments)});
    // A node for each segment: the next one comes after, and so does what a link leads to.
    bool reaches[kThreads][kSegments][kThreads][kSegments] = {};
    const auto close = [&](uint32_t thread, uint32_t segment) {
      std::vector<std::pair<uint32_t, uint32_t>> queue{{thread, segment}};
      for (size_t i = 0; i < queue.size(); ++i) {
        const auto [t, s] = queue[i];
        const auto add = [&](uint32_t to, uint32_t at) {
          if (!std::exchange(reaches[thread][segment][to][at], true)) queue.push_back({to, at});
        };
        if (s + 1 < kSegments) add(t, s + 1);
        for (const model::ThreadLink& link : links)
          if (link.from_serial == t && link.from_segment == s) add(link.to_serial, link.to_segment);
      }
    };
    for (uint32_t t = 0; t < kThreads; ++t)
      for (uint32_t s = 0; s < kSegments; ++s) close(t, s);
    ThreadOrder order(links);
    for (uint32_t t = 0; t < kThreads; ++t)
      for (uint32_t s = 0; s < kSegments; ++s)
        for (uint32_t to = 0; to < kThreads; ++to)
          for (uint32_t at = 0; at < kSegments && to != t; ++at)
            EXPECT_EQ(order.before({t, s, s}, {to, at, at}), reaches[t][s][to][at]) << round;
  }
}

}  // namespace
}  // namespace gordian::verdict
