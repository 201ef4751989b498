// What is left when a file is gone, replaced, stripped, damaged or no file at all.
#include <gtest/gtest.h>
#include <sys/auxv.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>

#include "analyzer/symbols/elf_image.h"
#include "tests/unit/symbols/own_process.h"

extern "C" [[gnu::noinline]] int gordian_test_landmark(int value) {
  asm volatile("" ::: "memory");
  return value + 1;
}

namespace gordian::symbols::test {
namespace {

const auto kLandmark = reinterpret_cast<uint64_t>(&gordian_test_landmark);

std::vector<char> bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void write(const std::string& path, const std::vector<char>& bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

std::vector<uint8_t> own_build_id() {
  std::string problem;
  const auto image = ElfImage::open(own_program(), &problem);
  return image == nullptr ? std::vector<uint8_t>() : image->build_id();
}

// Asks every question; the answers are of no interest, only that there are some.
finding::Stack ask_everything(Symbolizer& symbolizer, uint64_t address) {
  symbolizer.variable_at(address);
  symbolizer.function_at(address);
  symbolizer.is_after_call(address);
  symbolizer.resolve(address, true);
  return symbolizer.resolve(address, false);
}

TEST(MissingFiles, AFileThatIsGoneLeavesModuleAndOffsetAndIsToldOnce) {
  Symbolizer symbolizer(own_mappings_of("/nowhere/program"));
  const finding::Stack frames = ask_everything(symbolizer, kLandmark);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].module, "/nowhere/program");
  EXPECT_EQ(frames[0].function, "");
  EXPECT_EQ(frames[0].address, kLandmark);
  EXPECT_NE(frames[0].module_offset, 0u);
  ASSERT_EQ(symbolizer.problems().size(), 1u);
  EXPECT_TRUE(symbolizer.problems()[0].starts_with("/nowhere/program: No such file"))
      << symbolizer.problems()[0];
}

TEST(MissingFiles, NothingIsToldAboutModulesThatNobodyAskedAbout) {
  Symbolizer symbolizer(own_mappings_of("/nowhere/program"));
  EXPECT_TRUE(symbolizer.problems().empty());
}

TEST(MissingFiles, AReplacedFileIsNotRead) {
  Symbolizer symbolizer(own_mappings_of(own_program(), {1, 2, 3, 4}));
  if (own_build_id().empty()) GTEST_SKIP() << "built without a build-id";
  EXPECT_EQ(symbolizer.resolve(kLandmark, false).at(0).function, "");
  ASSERT_EQ(symbolizer.problems().size(), 1u);
  EXPECT_NE(symbolizer.problems()[0].find("is not the 01020304 that was running"), std::string::npos);
}

TEST(MissingFiles, TheRightBuildIdIsNoProblem) {
  Symbolizer symbolizer(own_mappings_of(own_program(), own_build_id()));
  EXPECT_EQ(symbolizer.resolve(kLandmark, false).at(0).function, "gordian_test_landmark");
  EXPECT_TRUE(symbolizer.problems().empty());
}

TEST(MissingFiles, ADeletedFileIsReadOnlyWhenItsBuildIdProvesThatItIsTheSame) {
  const std::string deleted = own_program() + " (deleted)";
  Symbolizer without(own_mappings_of(deleted));
  EXPECT_EQ(without.resolve(kLandmark, false).at(0).function, "");
  EXPECT_EQ(without.resolve(kLandmark, false).at(0).module, own_program());
  EXPECT_EQ(without.problems().size(), 1u);
  if (own_build_id().empty()) GTEST_SKIP() << "built without a build-id";
  Symbolizer with(own_mappings_of(deleted, own_build_id()));
  EXPECT_EQ(with.resolve(kLandmark, false).at(0).function, "gordian_test_landmark");
}

TEST(MissingFiles, ACopyWithoutDebugInformationStillHasItsSymbols) {
  const TemporaryDirectory directory;
  const std::string copy = directory.file("program");
  if (!run({"objcopy", "--strip-debug", own_program(), copy})) GTEST_SKIP() << "objcopy does not run";
  Symbolizer symbolizer(own_mappings_of(copy));
  const finding::Stack frames = symbolizer.resolve(kLandmark, false);
  EXPECT_EQ(frames.at(0).function, "gordian_test_landmark");
  EXPECT_EQ(frames.at(0).line, 0u);
  ASSERT_EQ(symbolizer.problems().size(), 1u);
  EXPECT_NE(symbolizer.problems()[0].find("no debug information"), std::string::npos);
}

TEST(MissingFiles, AStrippedCopyLeavesModuleAndOffset) {
  const TemporaryDirectory directory;
  const std::string copy = directory.file("program");
  if (!run({"strip", "-s", "-o", copy, own_program()})) GTEST_SKIP() << "strip does not run";
  Symbolizer symbolizer(own_mappings_of(copy));
  const finding::Stack frames = ask_everything(symbolizer, kLandmark);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].function, "");
  EXPECT_EQ(frames[0].module, copy);
  EXPECT_EQ(frames[0].line, 0u);
  EXPECT_EQ(symbolizer.problems().size(), 1u);
}

TEST(MissingFiles, ADebugFileIsFoundThroughItsLink) {
  const TemporaryDirectory directory;
  const std::string copy = directory.file("program");
  const std::string debug = directory.file("program.debug");
  if (!run({"objcopy", "--only-keep-debug", own_program(), debug}) ||
      !run({"objcopy", "--strip-all", "--remove-section=.note.gnu.build-id", "--add-gnu-debuglink=" + debug,
            own_program(), copy})) {
    GTEST_SKIP() << "objcopy does not run";
  }
  Symbolizer symbolizer(own_mappings_of(copy));
  const finding::Stack frames = symbolizer.resolve(kLandmark, false);
  EXPECT_EQ(frames.at(0).function, "gordian_test_landmark");
  EXPECT_GT(frames.at(0).line, 0u);
  EXPECT_TRUE(symbolizer.problems().empty());
}

TEST(MissingFiles, ADebugFileOfAnotherBuildIsNotTaken) {
  const TemporaryDirectory directory;
  const std::string copy = directory.file("program");
  const std::string debug = directory.file("program.debug");
  if (!run({"objcopy", "--only-keep-debug", own_program(), debug}) ||
      !run({"objcopy", "--strip-all", "--remove-section=.note.gnu.build-id", "--add-gnu-debuglink=" + debug,
            own_program(), copy})) {
    GTEST_SKIP() << "objcopy does not run";
  }
  std::vector<char> bytes = bytes_of(debug);
  bytes.back() ^= 1;
  write(debug, bytes);
  Symbolizer symbolizer(own_mappings_of(copy));
  EXPECT_EQ(symbolizer.resolve(kLandmark, false).at(0).line, 0u);
  EXPECT_EQ(symbolizer.problems().size(), 1u);
}

TEST(MissingFiles, TheKernelsOwnCodeAndAnonymousMemoryAreNotNamed) {
  std::vector<Mapping> mappings = own_mappings();
  mappings.push_back({0x10000, 0x20000, 0, "", {}});
  mappings.push_back({0x20000, 0x30000, 0, "/memfd:code (deleted)", {}});
  mappings.push_back({0x30000, 0x30000, 0, own_program(), {}});
  mappings.push_back({0x50000, 0x40000, 0, own_program(), {}});
  Symbolizer symbolizer(mappings);
  if (const uint64_t vdso = getauxval(AT_SYSINFO_EHDR); vdso != 0) {
    EXPECT_EQ(ask_everything(symbolizer, vdso + 0x10).at(0).module, "[vdso]");
  }
  for (uint64_t address : {uint64_t{0}, uint64_t{1}, uint64_t{0x10010}, uint64_t{0x20010}, uint64_t{0x30000},
                           uint64_t{0x45000}, ~uint64_t{0}}) {
    const finding::Stack frames = ask_everything(symbolizer, address);
    ASSERT_EQ(frames.size(), 1u);
    EXPECT_EQ(frames[0].function, "");
    EXPECT_EQ(frames[0].address, address);
  }
}

TEST(MissingFiles, APipeOrADirectoryInPlaceOfTheFileDoesNotBlock) {
  const TemporaryDirectory directory;
  const std::string fifo = directory.file("fifo");
  ASSERT_EQ(mkfifo(fifo.c_str(), 0600), 0);
  for (const std::string& path : {fifo, directory.file(""), std::string("/dev/null")}) {
    Symbolizer symbolizer(own_mappings_of(path));
    ask_everything(symbolizer, kLandmark);
    EXPECT_EQ(symbolizer.problems().size(), 1u) << path;
  }
}

TEST(MissingFiles, ATruncatedFileIsToldAndHarmless) {
  const TemporaryDirectory directory;
  const std::string copy = directory.file("program");
  const std::vector<char> whole = bytes_of(own_program());
  std::vector<size_t> lengths = {0, 1, 4, 16, 63, 64, 65, 100, 500};
  for (size_t part = 1; part < 16; ++part) lengths.push_back(whole.size() * part / 16);
  for (size_t length : lengths) {
    write(copy, {whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(length)});
    Symbolizer symbolizer(own_mappings_of(copy));
    EXPECT_GE(ask_everything(symbolizer, kLandmark).size(), 1u) << length;
    EXPECT_EQ(symbolizer.problems().size(), 1u) << length;
  }
}

TEST(MissingFiles, ADamagedHeaderIsHarmless) {
  const TemporaryDirectory directory;
  const std::string copy = directory.file("program");
  const std::string small = directory.file("small");
  if (!run({"strip", "-s", "-o", small, own_program()})) GTEST_SKIP() << "strip does not run";
  const std::vector<char> whole = bytes_of(small);
  uint32_t random = 12345;
  for (int round = 0; round < 200; ++round) {
    std::vector<char> damaged = whole;
    for (int i = 0; i < 4; ++i) {
      random = random * 1664525 + 1013904223;
      damaged[(random >> 8) % 0x400] =
          static_cast<char>(random >> 24);  // file header, program headers, notes
    }
    write(copy, damaged);
    Symbolizer symbolizer(own_mappings_of(copy));
    EXPECT_GE(ask_everything(symbolizer, kLandmark).size(), 1u) << round;
  }
}

}  // namespace
}  // namespace gordian::symbols::test
