#include "analyzer/report/watch_text.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "analyzer/report/watch_table.h"
#include "tests/unit/contains.h"

namespace gordian::report {
namespace {

using finding::WatchedWait;
using finding::WatchView;

WatchedWait wait(const std::string& thread, const std::string& lock, const std::string& held_by) {
  WatchedWait result;
  result.thread = '"' + thread + '"';
  result.lock = lock;
  result.held_by = '"' + held_by + '"';
  result.since_ms = 1200;
  return result;
}

WatchView bank() {
  WatchView view;
  view.program.path = "/usr/bin/bank";
  view.program.pid = 4711;
  view.running = 1;
  view.waiting = 2;
  view.ended = 3;
  view.period_ms = 1000;
  view.samples = 50;
  view.requests = 1234;
  view.waits_missed = 2;
  view.findings.push_back(
      {finding::RuleId::kDeadlock, finding::Grade::kProven, "2 threads wait for each other."});
  view.chains.push_back({{wait("saver", "b.lock", "spender"), wait("spender", "a.lock", "saver")}, "", true});
  view.longest = {wait("saver", "b.lock", "spender"), wait("spender", "a.lock", "saver")};
  view.locks.push_back({"a.lock", "mutex", 7, 1, 1500, 1200, 0.425, "\"saver\""});
  view.events.push_back({"queue", "condition", 4, std::nullopt, 99});
  return view;
}

std::vector<std::string> lines(const std::string& text) {
  std::vector<std::string> result;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) result.push_back(line);
  return result;
}

using test::contains;

TEST(WatchText, SaysAllThatThereIs) {
  EXPECT_EQ(render_watch_text(bank(), {}),
            R"(bank (pid 4711): 3 threads, 1 running, 2 waiting; 3 ended
In the last 1.0 s: 1234 requests for locks, 50 samples, so that what lasts less than 20 ms can be missed; missed: at least 2 waits

Findings
  deadlock, proven: 2 threads wait for each other.

Who waits for whom now
  "saver" waits 1.2 s for b.lock, held by "spender",
    which waits 1.2 s for a.lock, held by "saver": a circle

Longest waits
  thread       for  waits for  held by
  "saver"    1.2 s  b.lock     "spender"
  "spender"  1.2 s  a.lock     "saver"

Most contended locks, sampled
  lock    kind   waits  waiting now  time waited  longest now  held  holder now
  a.lock  mutex      7            1        1.5 s        1.2 s   42%  "saver"

Conditions, semaphores, barriers
  name   kind       waiting now  longest now  signals
  queue  condition            4                    99
)");
}

TEST(WatchText, SaysWhenThereIsNothing) {
  WatchView view;
  view.program.path = "idle";
  const std::string text = render_watch_text(view, {});
  EXPECT_TRUE(contains(text, "no thread waits for what another has"));
  EXPECT_TRUE(contains(text, "no wait for a lock was seen"));
  EXPECT_FALSE(contains(text, "Findings"));
}

TEST(WatchText, TellsThatATimedWaitEndsByItself) {
  WatchView view = bank();
  view.chains = {{{wait("patient", "a.lock", "saver")}, "runs", false}};
  view.chains[0].waits[0].timed = true;
  EXPECT_TRUE(
      contains(render_watch_text(view, {}),
               "\"patient\" waits 1.2 s for a.lock (ends by itself), held by \"saver\", which runs\n"));
}

TEST(WatchText, TellsOfAllThatWaitForTheSame) {
  WatchView view = bank();
  view.chains = {{{wait("first", "a.lock", "second"), wait("second", "b.lock", "third")}, "runs", false}};
  view.chains[0].waits[0].others = 2;
  view.chains[0].waits[1].others = 1;
  EXPECT_TRUE(contains(render_watch_text(view, {}),
                       "  \"first\" and 2 more wait up to 1.2 s for a.lock, held by \"second\",\n"
                       "    which waits 1.2 s for b.lock like 1 other, held by \"third\", which runs\n"));
}

TEST(WatchText, CountsWhatItLeavesOut) {
  WatchView view = bank();
  for (int i = 0; i < 9; ++i) view.locks.push_back(view.locks.front());
  const std::string text = render_watch_text(view, {.rows = 3});
  EXPECT_TRUE(contains(text, "... 7 more")) << text;
}

TEST(WatchText, FitsEveryWindow) {
  WatchView view = bank();
  for (int i = 0; i < 30; ++i) {
    view.locks.push_back(
        {"a lock with a long name äöü " + std::to_string(i), "mutex", 1, 2, 3, 4, 0.5, "\"t\""});
    view.longest.push_back(wait("thread", "lock", "other"));
    view.chains.push_back({{wait("thread", "lock", "other")}, "runs", false});
  }
  for (uint32_t height = 1; height < 60; ++height) {
    for (const uint32_t width : {1u, 7u, 40u, 80u, 200u}) {
      const std::vector<std::string> shown =
          lines(render_watch_text(view, {.width = width, .height = height}));
      EXPECT_LE(shown.size(), height);
      for (const std::string& line : shown) EXPECT_LE(display_width(line), width) << line;
    }
  }
  const std::vector<std::string> shown = lines(render_watch_text(view, {.width = 100, .height = 40}));
  EXPECT_EQ(shown.size(), 40u) << "all of the window is used";
}

TEST(WatchText, HasNoEscapeSequenceOfTheProgramsOwn) {
  WatchView view = bank();
  view.program.path = "/bin/\x1b[31mred";
  view.locks[0].name = view.locks[0].holder = view.events[0].name = "x\x1b[2J\n";
  view.chains[0].waits[0].lock = view.longest[0].thread = view.findings[0].summary = "\x1b]0;title\a";
  const std::string text = render_watch_text(view, {});
  EXPECT_EQ(text.find('\x1b'), text.npos);
  EXPECT_EQ(text.find('\a'), text.npos);
  EXPECT_TRUE(contains(render_watch_text(view, {.colour = true}), "\x1b[1;31m"));
}

TEST(WatchTable, CutsTheFirstColumnAndNoCodePointInTwo) {
  EXPECT_EQ(cut("äöüäöü", 5), "äö...");
  EXPECT_EQ(cut("äöü", 3), "äöü");
  EXPECT_EQ(cut("abcdef", 2), "..");
  const std::vector<std::string> shown =
      table_lines({{"lock"}, {"waits", true}}, {{"a rather long name of a lock", "12"}}, 24);
  EXPECT_EQ(shown[0], "lock               waits");
  EXPECT_EQ(shown[1], "a rather long ...     12");
}

}  // namespace
}  // namespace gordian::report
