#include "analyzer/report/rule_pages.h"

#include <gtest/gtest.h>

namespace gordian::report {
namespace {

TEST(RulePages, EveryRuleHasItsPage) {
  for (int i = 0; finding::name_of(static_cast<finding::RuleId>(i)) != "unknown"; ++i) {
    const auto rule = static_cast<finding::RuleId>(i);
    EXPECT_TRUE(rule_page(rule).starts_with("# " + std::string(name_of(rule)) + '\n')) << name_of(rule);
  }
}

TEST(RulePages, LinksAreTheirWordsAndCodeStaysAsItIs) {
  const std::string page = rule_page(finding::RuleId::kLockOrderInversion);
  EXPECT_EQ(page.find(".md)"), page.npos);
  EXPECT_NE(page.find("lock orders, deadlock, double-lock, grades"), page.npos);
  EXPECT_NE(page.find("std::thread one([] { std::scoped_lock first(a);"), page.npos);
}

}  // namespace
}  // namespace gordian::report
