// Cores: what is read off them, and what of them is refused.
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>

#include "analyzer/capture/process/core_file.h"
#include "analyzer/capture/process/core_image.h"
#include "analyzer/capture/process/inspect_error.h"
#include "analyzer/capture/process/process_capture.h"
#include "tests/unit/contains.h"
#include "tests/unit/core_builder.h"

namespace gordian::capture {
namespace {

using test::CoreBuilder;

class Core : public testing::Test {
 protected:
  ~Core() override { std::remove(path_.c_str()); }

  const std::string& write(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary | std::ios::trunc) << bytes;
    return path_;
  }

  std::string refusal(const std::string& bytes) {
    try {
      read_core(write(bytes), "", "");
    } catch (const InspectError& error) {
      return error.what();
    }
    return "read";
  }

  std::string path_ = testing::TempDir() + "/core-" + std::to_string(::getpid());
};

using test::contains;

#if defined(__x86_64__)
TEST_F(Core, TwoThreadsOnEachOthersMutexesAreADeadlock) {
  std::vector<ProcessImage> images;
  images.push_back(read_core(write(test::two_mutex_core().build()), "", ""));
  EXPECT_EQ(images.front().pid, 100u);
  EXPECT_EQ(images.front().threads.size(), 2u);
  const ProcessView view = inspect_processes(std::move(images), {});
  ASSERT_EQ(view.report.findings.size(), 1u);
  const finding::Finding& finding = view.report.findings.front();
  EXPECT_EQ(finding.rule, finding::RuleId::kDeadlock);
  // The threads sleep inside of the C library, where the words of the mutex are enough.
  EXPECT_EQ(finding.grade, finding::Grade::kProven);
  EXPECT_EQ(finding.cycle.size(), 2u);
  EXPECT_FALSE(view.running);
}

TEST_F(Core, OutsideOfTheLibraryTheWordsAloneProveNothing) {
  CoreBuilder core;
  core.program(100, "bank")
      .thread(101, SYS_futex, CoreBuilder::kLocks + 64, 128, 2)
      .thread(102, SYS_futex, CoreBuilder::kLocks, 128, 2)
      .file(0x400000, 0x400800, "/nowhere/libc.so.6")  // the code is somewhere else
      .memory(CoreBuilder::kStack, std::string(256, '\0'))
      .memory(CoreBuilder::kLocks, CoreBuilder::mutex(101) + std::string(24, '\0') + CoreBuilder::mutex(102));
  std::vector<ProcessImage> images;
  images.push_back(read_core(write(core.build()), "", ""));
  const ProcessView view = inspect_processes(std::move(images), {});
  ASSERT_EQ(view.report.findings.size(), 1u);
  EXPECT_EQ(view.report.findings.front().grade, finding::Grade::kInferred);
}

TEST_F(Core, AThreadWhoseCallCameToItsEndWaitsForNothing) {
  CoreBuilder core;
  core.program(100, "bank").thread(101, -1).memory(CoreBuilder::kStack, std::string(256, '\0'));
  const ProcessImage image = read_core(write(core.build()), "", "");
  EXPECT_FALSE(image.threads.front().call);
  EXPECT_EQ(image.threads.front().state, 'R');
}
#endif

TEST_F(Core, OthersThanOursAreRefusedInOneLine) {
  CoreBuilder foreign = test::two_mutex_core();
  foreign.machine = EM_S390;
  EXPECT_TRUE(contains(refusal(foreign.build()), "is a core of S/390")) << refusal(foreign.build());
  CoreBuilder narrow = test::two_mutex_core();
  narrow.elf_class = ELFCLASS32;
  EXPECT_TRUE(contains(refusal(narrow.build()), "32-bit")) << refusal(narrow.build());
  CoreBuilder program = test::two_mutex_core();
  program.type = ET_EXEC;
  EXPECT_TRUE(contains(refusal(program.build()), "but no core"));
  EXPECT_TRUE(contains(refusal("something else"), "no core file"));
  EXPECT_TRUE(contains(refusal(CoreBuilder().build()), "names no thread"));
}

TEST_F(Core, CutOffAnywhereItIsReadOrRefused) {
  const std::string whole = test::two_mutex_core().build();
  size_t refused = 0;
  for (size_t size = 0; size < whole.size(); size += 7) {
    const std::string line = refusal(whole.substr(0, size));
    refused += line != "read" ? 1 : 0;
    EXPECT_FALSE(contains(line, "\n"));
  }
  EXPECT_GT(refused, 100u);
  const std::string no_stacks = whole.substr(0, whole.size() - 356);
  EXPECT_TRUE(contains(refusal(no_stacks), "is cut off")) << refusal(no_stacks);
}

TEST_F(Core, DamagedInAnyByteItIsReadOrRefused) {
  const std::string whole = test::two_mutex_core().build();
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0xff);
    try {
      std::vector<ProcessImage> images;
      images.push_back(read_core(write(damaged), "", "/nowhere"));
      inspect_processes(std::move(images), {});
    } catch (const InspectError& error) {
      EXPECT_FALSE(contains(error.what(), "\n"));
    }
  }
}

TEST_F(Core, AnotherProgramThanItsOwnIsRefused) {
  // What was loaded shows its build-id in its first page; this test's own file has another one.
  struct {
    Elf64_Ehdr header{};
    Elf64_Phdr programs[2]{};
    Elf64_Nhdr note{4, 4, NT_GNU_BUILD_ID};
    char name[4] = {'G', 'N', 'U', 0};
    unsigned char id[4] = {1, 2, 3, 4};
  } image;
  std::memcpy(image.header.e_ident, ELFMAG, SELFMAG);
  image.header.e_phoff = sizeof image.header;
  image.header.e_phnum = 2;
  image.programs[0].p_type = PT_LOAD;
  image.programs[1].p_type = PT_NOTE;
  image.programs[1].p_vaddr = offsetof(decltype(image), note);
  image.programs[1].p_filesz = sizeof image - offsetof(decltype(image), note);
  CoreBuilder core = test::two_mutex_core();
  core.file(0x500000, 0x501000, "/proc/self/exe")
      .memory(0x500000, std::string(reinterpret_cast<const char*>(&image), sizeof image));
  const ProcessImage read = read_core(write(core.build()), "", "");
  ASSERT_FALSE(read.damage.empty());
  EXPECT_TRUE(contains(read.damage.back(), "another file than the one that ran (build-id "))
      << read.damage.back();
  EXPECT_TRUE(contains(read.damage.back(), "not 01020304"));
}

}  // namespace
}  // namespace gordian::capture
