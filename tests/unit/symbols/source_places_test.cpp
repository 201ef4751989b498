// A file that was compiled from a directory beside its source, as ccache and most build trees do it.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "analyzer/symbols/line_addresses.h"
#include "tests/unit/symbols/own_process.h"

namespace gordian::symbols::test {
namespace {

class SourcePlaces : public testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(directory_.file("source"));
    std::filesystem::create_directories(directory_.file("build"));
    std::ofstream(source_) << "int count;\nvoid add(void) {\n  ++count;\n}\n";
    const std::string compile =
        "cd '" + directory_.file("build") + "' && cc -g -O1 -shared -fPIC -o add.so ../source/add.c";
    if (!run({"sh", "-c", compile})) GTEST_SKIP() << "cc does not run";
  }

  TemporaryDirectory directory_;
  std::string source_ = directory_.file("source/add.c");
  std::string module_ = directory_.file("build/add.so");
};

TEST_F(SourcePlaces, TheCodeOfALineIsFoundByThePathThatTheSourceHas) {
  EXPECT_FALSE(code_of(module_, {{source_, 3}}).empty());
  EXPECT_FALSE(code_of(module_, {{"source/add.c", 3}}).empty());
  EXPECT_FALSE(code_of(module_, {{"../source/add.c", 3}}).empty());
  EXPECT_TRUE(code_of(module_, {{directory_.file("build/add.c"), 3}}).empty());
  EXPECT_TRUE(code_of(module_, {{source_, 1}}).empty());
}

TEST_F(SourcePlaces, AFrameHasThePathThatTheSourceHas) {
  const auto ranges = code_of(module_, {{source_, 3}});
  ASSERT_FALSE(ranges.empty());
  Symbolizer symbolizer(
      {{0x100000000, 0x100000000 + std::filesystem::file_size(module_), 0, module_, {}, ""}});
  const finding::Stack frames = symbolizer.resolve(0x100000000 + ranges[0].low, false);
  ASSERT_FALSE(frames.empty());
  EXPECT_EQ(frames[0].function, "add");
  EXPECT_EQ(frames[0].file, source_);
  EXPECT_EQ(frames[0].line, 3u);
}

}  // namespace
}  // namespace gordian::symbols::test
