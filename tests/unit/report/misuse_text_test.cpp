#include "analyzer/report/text.h"

#include <gtest/gtest.h>

namespace gordian::report {
namespace {

finding::Stack stack_of(const std::string& function) {
  finding::Frame frame;
  frame.function = function;
  frame.module = "/usr/bin/bank";
  return {frame};
}

finding::Finding misuse(finding::RuleId rule) {
  finding::Finding finding;
  finding.rule = rule;
  finding.grade = finding::Grade::kProven;
  finding.summary = "What happened.";
  finding::Step step;
  step.thread = {"worker", 12, 10, "run"};
  step.waits_for = {"journal_lock", "mutex", 0x4010, "journal_lock"};
  step.wait_mode = "exclusive";
  step.held_by = "\"holder\" (tid 13)";
  step.waiting_at = stack_of("release");
  step.holds.push_back({step.waits_for, "exclusive", stack_of("take")});
  finding.cycle.push_back(step);
  return finding;
}

bool says(const finding::Finding& finding, const std::string& text) {
  return render_finding_text(finding, {}).find(text) != std::string::npos;
}

TEST(MisuseText, SaysWhatTheThreadDoesAndWhoHasTheLock) {
  const finding::Finding finding = misuse(finding::RuleId::kUnlockNotOwner);
  EXPECT_TRUE(says(finding, "unlocks journal_lock (mutex), held by \"holder\" (tid 13), at"));
  EXPECT_TRUE(says(finding, "journal_lock (mutex) was taken at"));
  EXPECT_FALSE(says(finding, "four conditions"));
  EXPECT_FALSE(says(finding, "waits for"));
}

TEST(MisuseText, OfAFreeLockSaysThatNobodyHasIt) {
  finding::Finding finding = misuse(finding::RuleId::kUnlockNotHeld);
  finding.cycle[0].held_by.clear();
  EXPECT_TRUE(says(finding, "unlocks journal_lock (mutex), which nobody holds, at"));
}

TEST(MisuseText, OfALockThatIsLeftShowsOnePlaceOnce) {
  finding::Finding finding = misuse(finding::RuleId::kLockHeldAtExit);
  finding.cycle[0].waiting_at = finding.cycle[0].holds[0].acquired_at;
  EXPECT_TRUE(says(finding, "has ended and still holds journal_lock (mutex), taken at"));
  EXPECT_FALSE(says(finding, "was taken at"));
}

TEST(MisuseText, AThreadThatSleepsOnTheLockReadsLikeAnyWait) {
  finding::Finding finding = misuse(finding::RuleId::kDestroyWhileHeld);
  finding.cycle.push_back(finding.cycle.front());
  finding.cycle.back().held_by.clear();
  finding.cycle.back().holds.clear();
  EXPECT_TRUE(says(finding, "ends the life of journal_lock (mutex)"));
  EXPECT_TRUE(says(finding, "waits for journal_lock (mutex), at"));
}

}  // namespace
}  // namespace gordian::report
