// Which threads the wait-for graph shows, how its parts are found, and what Graphviz makes of it.
#include "analyzer/report/picture.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "analyzer/report/components.h"
#include "analyzer/report/graphviz.h"
#include "analyzer/report/lock_order_graph.h"
#include "analyzer/report/svg.h"
#include "analyzer/report/wait_for_choice.h"
#include "analyzer/report/wait_for_picture.h"
#include "tests/unit/contains.h"
#include "tests/unit/report/example.h"
#include "tests/unit/static_findings.h"

namespace gordian::report {
namespace {

using test::contains;

// Thread 0 holds what all others wait for, and `idle` more do nothing.
finding::Report crowd(uint32_t waiters, uint32_t idle) {
  const finding::ResourceName lock{"queue", "mutex", 0x1000, "queue"};
  finding::Report report;
  report.threads.push_back(
      {.thread = {"holder", 1, 1, ""}, .state = "running", .holds = {{.resource = lock}}});
  for (uint32_t i = 0; i < waiters + idle; ++i) {
    finding::ThreadView view{.thread = {fmt::format("t{}", i), i + 2, 1, ""}, .state = "waiting"};
    if (i < waiters) {
      view.wait = finding::Step{
          .thread = view.thread, .waits_for = lock, .held_by = "\"holder\" (tid 1)", .link = "owner"};
    }
    report.threads.push_back(view);
  }
  return report;
}

// By what can be reached from where, one by one.
std::vector<std::vector<bool>> reachability(size_t nodes, const std::vector<Arrow>& arrows) {
  std::vector<std::vector<bool>> reaches(nodes, std::vector<bool>(nodes));
  for (size_t i = 0; i < nodes; ++i) reaches[i][i] = true;
  for (const auto& [from, to] : arrows) reaches[from][to] = true;
  for (size_t by = 0; by < nodes; ++by) {
    for (size_t from = 0; from < nodes; ++from) {
      for (size_t to = 0; to < nodes; ++to) {
        if (reaches[from][by] && reaches[by][to]) reaches[from][to] = true;
      }
    }
  }
  return reaches;
}

TEST(Components, AreThoseOfANaiveModel) {
  std::mt19937 random(7);
  for (size_t round = 0; round < 300; ++round) {
    const size_t nodes = 1 + random() % 9;
    std::vector<Arrow> arrows;
    for (size_t i = random() % 16; i > 0; --i) arrows.emplace_back(random() % nodes, random() % nodes);
    const auto reaches = reachability(nodes, arrows);
    const auto components = components_of(nodes, arrows);
    for (size_t a = 0; a < nodes; ++a) {
      for (size_t b = 0; b < nodes; ++b)
        EXPECT_EQ(components[a] == components[b], reaches[a][b] && reaches[b][a])
            << round << ' ' << a << ' ' << b;
    }
  }
}

TEST(Components, ALongChainNeedsNoStack) {
  std::vector<Arrow> arrows;
  for (size_t i = 0; i < 200'000; ++i) arrows.emplace_back(i, i + 1);
  arrows.emplace_back(200'000, 0);
  EXPECT_EQ(components_of(200'001, arrows)[100'000], components_of(200'001, arrows)[0]);
}

TEST(WaitForPicture, ManyWaitersShareANodeAndIdleThreadsHaveNone) {
  const finding::Report report = crowd(120, 30);
  const Inventory inventory(report);
  const WaitForPicture picture = draw_wait_for(inventory);
  EXPECT_EQ(picture.drawn, 3u);
  EXPECT_EQ(picture.together, 118u);
  EXPECT_EQ(picture.idle, 30u);
  EXPECT_EQ(picture.no_room, 0u);
  EXPECT_TRUE(contains(picture.parts.at(0), "and 118 more")) << picture.parts[0];
}

TEST(WaitForPicture, AFewWaitersAreDrawnEach) {
  const finding::Report report = crowd(4, 0);
  EXPECT_EQ(draw_wait_for(Inventory(report)).drawn, 5u);
}

TEST(WaitForPicture, WhereThereIsNoRoomTheMembersOfFindingsComeFirst) {
  finding::Report report;
  for (uint32_t i = 0; i < 200; ++i) {
    const finding::ResourceName mine{fmt::format("l{}", i), "mutex", 0x1000 + i, ""};
    const finding::ResourceName next{fmt::format("l{}", i + 1), "mutex", 0x1001 + i, ""};
    const finding::ThreadName thread{fmt::format("t{}", i), i + 1, 100, ""};
    report.threads.push_back({.thread = thread,
                              .state = "waiting",
                              .wait = finding::Step{.thread = thread,
                                                    .waits_for = next,
                                                    .held_by = fmt::format("\"t{}\" (tid {})", i + 1, i + 2)},
                              .holds = {{.resource = mine}}});
  }
  report.findings = {make_deadlock()};
  const Inventory inventory(report);
  const WaitForChoice choice = choose_threads(inventory);
  EXPECT_EQ(choice.drawn.size(), kMostThreads);
  EXPECT_EQ(choice.drawn.size() + choice.no_room + choice.idle, inventory.threads().size());
  EXPECT_TRUE(choice.drawn.contains(inventory.thread_of(report.findings[0].cycle[0])));
  EXPECT_TRUE(choice.drawn.contains(inventory.thread_of(report.findings[0].cycle[1])));
}

TEST(WaitForPicture, OnlyTheCycleIsLit) {
  finding::Report report = crowd(2, 0);
  report.findings = {make_deadlock()};
  const auto parts = draw_wait_for_parts(Inventory(report)).parts;
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_TRUE(contains(parts[0], "class=\"thread lit\"") && contains(parts[0], "class=\"wait lit from-"));
  EXPECT_FALSE(contains(parts[1], " lit"));
  report.findings[0].suppressed = true;
  for (const std::string& part : draw_wait_for_parts(Inventory(report)).parts)
    EXPECT_FALSE(contains(part, " lit"));
}

TEST(Inventory, WhatInspectSawAndWhatAFindingSaysIsOneThread) {
  finding::Report report;
  report.findings = {make_deadlock(), make_inversion()};
  const finding::Step& alice = report.findings[0].cycle[0];
  report.program.pid = 100;
  report.threads = {{.thread = alice.thread, .state = "waiting", .wait = alice, .holds = alice.holds}};
  const Inventory inventory(report);
  ASSERT_EQ(inventory.threads().size(), 2u);
  EXPECT_EQ(inventory.locks().size(), 2u);
  EXPECT_EQ(inventory.threads()[0].waits.size(), 1u);
  EXPECT_EQ(inventory.threads()[0].findings, (std::vector<size_t>{0, 1}));
  EXPECT_EQ(inventory.threads()[0].waits[0].step->link, "owner") << "what happens says more than what could";
}

TEST(Inventory, TheEndsOfTwoThreadsOfOneNameAreTwo) {
  finding::Report report;
  for (uint32_t i = 0; i < 2; ++i) {
    const finding::ThreadName joiner{"joiner", 10 + i, 1, ""};
    report.threads.push_back({.thread = joiner,
                              .wait = finding::Step{.thread = joiner,
                                                    .waits_for = {"thread \"worker\"", "thread", 0, "thread"},
                                                    .held_by = fmt::format("\"worker\" (tid {})", 20 + i)}});
  }
  const Inventory inventory(report);
  EXPECT_EQ(inventory.locks().size(), 2u);
  EXPECT_NE(inventory.locks()[0].thread, inventory.locks()[1].thread);
}

TEST(Inventory, AHolderInAnotherProcessIsNoStranger) {
  finding::Report report = crowd(1, 0);
  report.threads[0].thread.pid = 2;
  const Inventory inventory(report);
  EXPECT_EQ(inventory.threads().size(), 2u);
  EXPECT_EQ(inventory.threads()[1].waits.at(0).holder, 0u);
}

TEST(Graphviz, GivesOneSvgWithIdsClassesAndLinks) {
  const std::string svg = svg_from_dot(
      picture_head("TB") +
      picture_node({.id = "thread-1",
                    .kind = "thread",
                    .shape = "box",
                    .label = "a<&\"",
                    .tooltip = "\\N <a> & \"b\""},
                   true) +
      picture_edge({.from = "thread-1", .to = "lock-1", .kind = "wait", .label = "waits", .is_lit = true}) +
      "}\n");
  EXPECT_TRUE(svg.starts_with("<svg")) << svg.substr(0, 80);
  EXPECT_TRUE(contains(svg, "class=\"node thread\"")) << svg;
  EXPECT_TRUE(contains(svg, "class=\"edge wait lit from&#45;thread&#45;1 to&#45;lock&#45;1\"") ||
              contains(svg, "class=\"edge wait lit from-thread-1 to-lock-1\""))
      << svg;
  EXPECT_TRUE(contains(svg, "xlink:href=\"#thread-1\"")) << svg;
  EXPECT_TRUE(contains(svg, "xlink:title=\"\\N &lt;a&gt; &amp; &quot;b&quot;\"")) << svg;
  EXPECT_TRUE(contains(svg, "a&lt;&amp;&quot;")) << svg;
  EXPECT_FALSE(contains(svg, "<title>"));
}

TEST(Graphviz, SaysWhatItCannotRead) {
  EXPECT_THROW(svg_from_dot("this is no picture"), PictureError);
  EXPECT_THROW(svg_from_dot(""), PictureError);
  EXPECT_TRUE(svg_from_dot("digraph g { a }").starts_with("<svg")) << "one failure spoils nothing";
}

TEST(Svg, IsAFileOfItsOwn) {
  for (const finding::Report& report : {make_rich_report(), crowd(5, 1), finding::Report{}}) {
    const std::string svg = render_svg(report);
    EXPECT_TRUE(svg.starts_with("<?xml"));
    EXPECT_TRUE(contains(svg, "prefers-color-scheme: dark"));
    EXPECT_FALSE(contains(svg, "<script"));
  }
}

TEST(Svg, IsAPictureHoweverMuchThereIs) {
  finding::Report report = make_report();
  while (report.findings.size() < 1000) report.findings.push_back(make_deadlock());
  EXPECT_TRUE(contains(render_svg(report), "940 more findings, for which there was no room"));
  finding::LockOrder order;
  for (size_t i = 0; i < 2000; ++i)
    order.edges.push_back(make_edge(fmt::format("l{}", i * 7 % 1999), fmt::format("l{}", i)));
  order.edges.push_back(make_edge("zz", "zzz"));
  order.edges.push_back(make_edge("zzz", "zz"));
  const finding::LockOrder told = most_telling(order, 10);
  EXPECT_EQ(told.edges.size(), 10u);
  EXPECT_EQ(told.edges_not_shown, 1992u);
  order.edges.erase(order.edges.begin(), order.edges.begin() + 1990);
  for (size_t i = 0; i < 10; ++i) order.edges[i].to.stable = fmt::format("end{}", i);
  EXPECT_EQ(most_telling(order, 2).edges[0].from.stable, "zz") << "cycles come first";
  EXPECT_TRUE(contains(render_lock_order_svg(order), "zzz"));
}

TEST(Svg, ShowsTheThreadsOfAProcessThatHasNoFinding) {
  EXPECT_TRUE(contains(render_svg(crowd(2, 0)), "holder"));
  EXPECT_TRUE(contains(render_svg(crowd(0, 3)), "nobody waits for anybody"));
}

// Entry functions stand for threads: one of two findings may hold what it waits for in the other.
TEST(WaitForPicture, AThreadAndALockThatAreTiedBothWaysDoNotBreakGraphviz) {
  finding::Report report;
  report.findings = {finding::static_inversion(), finding::static_race()};
  for (const std::string& part : draw_wait_for_parts(Inventory(report)).parts)
    EXPECT_FALSE(svg_from_dot(part).empty());
  EXPECT_TRUE(contains(render_svg(report), "spender()"));
}

TEST(WaitForPicture, SidesWithoutNamesAreThreadsOfTheirOwn) {
  finding::Report report;
  report.findings = {finding::static_misuse(), finding::static_misuse()};
  const Inventory inventory(report);
  EXPECT_EQ(inventory.threads().size(), 2u);
  EXPECT_EQ(title_of(inventory.threads()[0]), "a thread");
  const std::string picture = render_picture_dot(report);
  EXPECT_TRUE(contains(picture, "\"a thread\"")) << picture;
  EXPECT_FALSE(contains(picture, "tid")) << picture;
}

TEST(WaitForPicture, ARaceIsNoCycle) {
  finding::Report report;
  report.findings = {finding::static_race()};
  EXPECT_FALSE(draw_wait_for(Inventory(report)).has_cycle);
  report.findings = {finding::static_inversion()};
  EXPECT_TRUE(draw_wait_for(Inventory(report)).has_cycle);
}

}  // namespace
}  // namespace gordian::report
