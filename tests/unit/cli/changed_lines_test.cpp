#include "analyzer/cli/changed_lines.h"

#include <gtest/gtest.h>

#include "analyzer/cli/command_output.h"
#include "tests/unit/cli/scratch.h"
#include "tests/unit/static_findings.h"

namespace gordian::cli {
namespace {

constexpr const char* kBank =
    "int total;\n"         // 1
    "void deposit() {\n"   // 2
    "  lock(checking);\n"  // 3
    "  lock(savings);\n"   // 4
    "  ++total;\n"         // 5
    "}\n"                  // 6
    "\n"                   // 7
    "void spender() {\n"   // 8
    "  lock(savings);\n"   // 9
    "  lock(checking);\n"  // 10
    "}\n";                 // 11

class Changed : public testing::Test {
 protected:
  void SetUp() override {
    if (output_of({"git", "--version"}, {}).exit_code != 0) GTEST_SKIP() << "git is not installed";
    git({"init", "--quiet"});
    scratch_.write("bank.cpp", kBank);
    git({"add", "."});
    git({"commit", "--quiet", "-m", "first"});
  }

  void git(std::vector<std::string> arguments) {
    std::vector<std::string> command = {"git",         "-C", scratch_.path(), "-c",
                                        "user.name=a", "-c", "user.email=a@b"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const CommandOutput output = output_of(command, {});
    ASSERT_EQ(output.exit_code, 0) << output.error;
  }

  void write(const std::string& from, const std::string& to) {
    std::string text = kBank;
    const size_t place = text.find(from);
    ASSERT_NE(place, text.npos);
    scratch_.write("bank.cpp", text.replace(place, from.size(), to));
  }

  bool touches_line(uint32_t line, const std::string& file = "bank.cpp") {
    finding::Finding finding = finding::static_misuse(scratch_ / file);
    finding.cycle[0].waiting_at[0].line = line;
    return ChangedLines(scratch_.path(), "HEAD").touch(finding);
  }

  Scratch scratch_;
};

TEST_F(Changed, NothingIsTouchedWhereNothingChanged) {
  for (uint32_t line = 1; line <= 11; ++line) EXPECT_FALSE(touches_line(line)) << line;
}

TEST_F(Changed, AChangedLineTouchesItsWholeFunctionAndNoOther) {
  write("++total", "total += 2");
  EXPECT_TRUE(touches_line(5));
  EXPECT_TRUE(touches_line(3)) << "the same function";
  EXPECT_FALSE(touches_line(9));
  EXPECT_FALSE(touches_line(1));
}

TEST_F(Changed, ALostLineTouchesItsFunction) {
  write("  lock(savings);\n  ++total", "  ++total");
  EXPECT_TRUE(touches_line(3));
  EXPECT_FALSE(touches_line(9));
}

TEST_F(Changed, LinesOutsideOfFunctionsTouchThemselves) {
  write("int total;", "long total;");
  EXPECT_TRUE(touches_line(1));
  EXPECT_FALSE(touches_line(3));
}

TEST_F(Changed, CallsOnTheWayAndWhatIsHeldCount) {
  write("++total", "total += 2");
  const ChangedLines changed(scratch_.path(), "HEAD");
  finding::Finding finding = finding::static_inversion(scratch_ / "bank.cpp");
  EXPECT_FALSE(changed.touch(finding)) << "its lines are others";
  finding.cycle[1].holds[0].acquired_at[0].line = 4;
  EXPECT_TRUE(changed.touch(finding));
}

TEST_F(Changed, AFileThatGitDoesNotKnowIsNew) {
  scratch_.write("new \"file\".cpp", "void f() {}\n");
  EXPECT_TRUE(touches_line(1, "new \"file\".cpp"));
  scratch_.write(".gitignore", "*.gen.cpp\n");
  scratch_.write("x.gen.cpp", "void f() {}\n");
  EXPECT_FALSE(touches_line(1, "x.gen.cpp"));
}

TEST_F(Changed, OddNamesAreUnderstood) {
  scratch_.write("a \"b\"\t\xc3\xa4.cpp", "void f() {\n}\n");
  git({"add", "."});
  git({"commit", "--quiet", "-m", "second"});
  EXPECT_FALSE(touches_line(1, "a \"b\"\t\xc3\xa4.cpp"));
  scratch_.write("a \"b\"\t\xc3\xa4.cpp", "void g() {\n}\n");
  EXPECT_TRUE(touches_line(1, "a \"b\"\t\xc3\xa4.cpp"));
}

TEST_F(Changed, TheUsersSettingsOfGitDoNotMatter) {
  git({"config", "diff.noprefix", "true"});
  git({"config", "diff.context", "9"});
  git({"config", "color.ui", "always"});
  git({"config", "diff.external", "/bin/false"});
  write("++total", "total += 2");
  EXPECT_TRUE(touches_line(5));
  EXPECT_FALSE(touches_line(9));
}

TEST_F(Changed, GitsErrorIsOneLine) {
  const std::string unknown = refusal_of([&] { ChangedLines(scratch_.path(), "no-such-branch"); });
  EXPECT_TRUE(unknown.starts_with("--changed-since no-such-branch: fatal: ")) << unknown;
  EXPECT_FALSE(contains(unknown, "\n"));
  EXPECT_FALSE(refusal_of([&] { ChangedLines(scratch_.path(), "--output=x"); }).empty());
  Scratch elsewhere;
  EXPECT_TRUE(contains(refusal_of([&] { ChangedLines(elsewhere.path(), "HEAD"); }), "not a git repository"));
}

TEST(CommandOutput, AProgramThatIsNotThereIsSaid) {
  const CommandOutput output = output_of({"no-such-program-anywhere"}, {});
  EXPECT_EQ(output.exit_code, -1);
  EXPECT_TRUE(contains(output.error, "cannot run no-such-program-anywhere: No such file"));
}

TEST(CommandOutput, BothStreamsAreWhole) {
  setenv("GORDIAN_TEST_GONE", "x", 1);
  const CommandOutput output =
      output_of({"sh", "-c", "seq 100000; seq 100000 >&2; echo \"[$GORDIAN_TEST_GONE]\"; exit 3"},
                {"GORDIAN_TEST_GONE"});
  EXPECT_EQ(output.exit_code, 3);
  EXPECT_EQ(output.error.size(), 588895u);
  EXPECT_TRUE(output.text.ends_with("100000\n[]\n"));
}

}  // namespace
}  // namespace gordian::cli
