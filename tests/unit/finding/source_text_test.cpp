#include "analyzer/finding/source_text.h"

#include <gtest/gtest.h>

#include <random>

namespace gordian::finding {
namespace {

std::vector<std::string> comments_of(const std::string& text) {
  std::vector<std::string> result;
  for (const Comment& each : scan_source(text).comments) {
    result.push_back(std::to_string(each.first_line) + '-' + std::to_string(each.last_line) +
                     (each.is_alone ? " alone " : " ") + each.text);
  }
  return result;
}

std::vector<std::string> functions_of(const std::string& text) {
  std::vector<std::string> result;
  for (const FunctionLines& each : scan_source(text).functions)
    result.push_back(std::to_string(each.first) + '-' + std::to_string(each.last));
  return result;
}

using Lines = std::vector<std::string>;

TEST(SourceText, CommentsAreFoundWithWhatStandsBesideThem) {
  EXPECT_EQ(comments_of("// one\nint x;  // two\n/* three\n   four */\n/// five\n/* six */ int y;\n"),
            (Lines{"1-1 alone one", "2-2 two", "3-4 alone three\n   four", "5-5 alone five", "6-6 six"}));
  EXPECT_EQ(comments_of("// goes \\\non\nint x;"), Lines{"1-2 alone goes \\\non"});
  EXPECT_EQ(comments_of("/* no end"), Lines{"1-1 alone no end"});
}

TEST(SourceText, LiteralsAreNoComments) {
  EXPECT_EQ(comments_of("f(\"// no\"); g(\"\\\"// no\"); h('\\'', \"/*\");"), Lines{});
  EXPECT_EQ(comments_of("auto a = R\"(\n// no)\";  // yes\n"), Lines{"2-2 yes"});
  EXPECT_EQ(comments_of("auto a = u8R\"x(// )\" no)x\";  // yes\n"), Lines{"1-1 yes"});
  EXPECT_EQ(comments_of("int i = 1'000'000; // yes '\n"), Lines{"1-1 yes '"});
  EXPECT_EQ(comments_of("int i = 0xa'b; char c = u8'\"'; // yes\n"), Lines{"1-1 yes"});
  EXPECT_EQ(comments_of("auto a = FOR\"(\"; // yes\n"), Lines{"1-1 yes"}) << "no raw string";
}

TEST(SourceText, FunctionsGoFromTheirDeclarationToTheirLastBrace) {
  EXPECT_EQ(functions_of("int x;\n\nvoid\nf(int a)\n{\n  if (a) { g(); }\n}\nint y;\n"), Lines{"3-7"});
  EXPECT_EQ(functions_of("namespace a::b {\nclass CAPABILITY(\"mutex\") X final : Y<(1)> {\n"
                         "  void f() const {\n  }\n  int z;\n};\nstruct S g() {\n}\n}\n"),
            (Lines{"3-4", "7-8"}));
  EXPECT_EQ(functions_of("extern \"C\" {\nvoid f() {}\n}\nenum class E : int { a };\n"), Lines{"2-2"});
  EXPECT_EQ(functions_of("template <class T, int n = f<(1)>()>\nvoid h() {\n}\n"), Lines{"1-3"});
  EXPECT_EQ(functions_of("#define BEGIN {\nvoid f() {\n  const char* s = \"}\"; // }\n}\n"), Lines{"2-4"});
  EXPECT_EQ(functions_of("void f() {\n"), Lines{"1-2"}) << "one without an end goes to the end";
}

TEST(SourceText, NothingIsReadBeyondTheEnd) {
  std::mt19937 random(11);
  const std::string_view kPieces[] = {"/*", "*/", "//", "\"", "'", "R\"", "(", ")",
                                      "{",  "}",  "\\", "\n", "#", "a",   "1", " "};
  for (size_t round = 0; round < 2000; ++round) {
    std::string text;
    for (size_t i = random() % 14; i != 0; --i) text += kPieces[random() % std::size(kPieces)];
    const auto lines = static_cast<uint32_t>(std::count(text.begin(), text.end(), '\n') + 1);
    const SourceText source = scan_source(std::string(text));
    for (const Comment& each : source.comments) EXPECT_LE(each.last_line, lines) << text;
    for (const FunctionLines& each : source.functions) {
      EXPECT_LE(each.first, each.last) << text;
      EXPECT_LE(each.last, lines) << text;
    }
  }
}

}  // namespace
}  // namespace gordian::finding
