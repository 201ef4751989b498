#include "analyzer/report/escape.h"

#include <gtest/gtest.h>

namespace gordian::report {
namespace {

TEST(Printable, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(printable("worker-1 (böse) 猫 \xf0\x9f\x90\x88"), "worker-1 (böse) 猫 \xf0\x9f\x90\x88");
  EXPECT_EQ(printable(""), "");
}

TEST(Printable, EscapesControlsOfBothRanges) {
  EXPECT_EQ(printable("a\nb\tc\x1b[0m\x7f"), "a\\nb\\tc\\x1b[0m\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"), "\\x9b");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(Printable, EscapesWhatTurnsOrHidesText) {
  EXPECT_EQ(printable("\xe2\x80\xae"), "\\u{202e}");
  EXPECT_EQ(printable("\xe2\x80\xa8"), "\\u{2028}");
  EXPECT_EQ(printable("\xef\xbb\xbf"), "\\u{feff}");
}

TEST(Printable, EscapesBytesThatAreNoUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("\xc3"), "\\xc3");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");                    // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");           // a surrogate
  EXPECT_EQ(printable("\xf4\x90\x80\x80"), "\\xf4\\x90\\x80\\x80");  // past the end
}

TEST(Quoted, KeepsTheNameInsideItsQuotes) {
  EXPECT_EQ(quoted("a\" (tid 1) \\"), "\"a\\\" (tid 1) \\\\\"");
}

}  // namespace
}  // namespace gordian::report
