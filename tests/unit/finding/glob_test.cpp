#include "analyzer/finding/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace gordian::finding {
namespace {

// The definition, word for word.
bool matches_naively(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    return matches_naively(pattern.substr(1), text) ||
           (!text.empty() && matches_naively(pattern, text.substr(1)));
  }
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) &&
         matches_naively(pattern.substr(1), text.substr(1));
}

TEST(Glob, StarsCoverAnyTextAndQuestionMarksOneByte) {
  EXPECT_TRUE(glob_matches("bank::*lock*", "bank::account_lock"));
  EXPECT_TRUE(glob_matches("accounts[?].lock", "accounts[1].lock"));
  EXPECT_FALSE(glob_matches("lock", "account_lock"));
  EXPECT_FALSE(glob_matches("Lock", "lock"));
}

TEST(Glob, AgreesWithTheDefinitionOnEveryShortPattern) {
  const std::string letters = "ab*?";
  std::vector<std::string> patterns = {""};
  for (size_t i = 0; i < patterns.size(); ++i) {
    if (patterns[i].size() == 5) break;
    for (char letter : letters) patterns.push_back(patterns[i] + letter);
  }
  for (const std::string& pattern : patterns) {
    for (const char* text : {"", "a", "b", "ab", "ba", "aab", "abab", "aaaa", "babba"}) {
      ASSERT_EQ(glob_matches(pattern, text), matches_naively(pattern, text)) << pattern << " and " << text;
    }
  }
}

TEST(Glob, ManyStarsTakeNoExponentialTime) {
  std::string pattern;
  for (int i = 0; i < 200; ++i) pattern += "*a";
  EXPECT_FALSE(glob_matches(pattern + "b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace gordian::finding
