#include <gtest/gtest.h>

#include "analyzer/finding/finding.h"

namespace gordian::finding {
namespace {

TEST(Names, EveryGradeIsReadBackFromItsName) {
  for (int i = 0; i <= static_cast<int>(Grade::kProven); ++i) {
    const auto grade = static_cast<Grade>(i);
    EXPECT_EQ(grade_from(name_of(grade)), grade) << name_of(grade);
  }
}

TEST(Names, EveryRuleIsReadBackFromItsName) {
  for (int i = 0; i <= static_cast<int>(RuleId::kDataRace); ++i) {
    const auto rule = static_cast<RuleId>(i);
    EXPECT_EQ(rule_from(name_of(rule)), rule) << name_of(rule);
  }
}

TEST(Names, AreThoseOfTheDocuments) {
  EXPECT_EQ(name_of(Grade::kProven), "proven");
  EXPECT_EQ(name_of(RuleId::kSelfDeadlock), "self-deadlock");
  EXPECT_EQ(name_of(RuleId::kAbandonedLock), "abandoned-lock");
}

TEST(Names, AnythingElseIsNoName) {
  EXPECT_FALSE(grade_from("Proven"));
  EXPECT_FALSE(grade_from(""));
  EXPECT_FALSE(rule_from("deadlock "));
  EXPECT_EQ(name_of(static_cast<RuleId>(999)), "unknown");
}

}  // namespace
}  // namespace gordian::finding
