#include "analyzer/cli/program_check.h"

#include <elf.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>

#include "tests/unit/cli/scratch.h"

namespace gordian::cli {
namespace {

#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
#else
constexpr uint16_t kMachine = EM_AARCH64;
#endif

struct Synthetic {
  uint16_t type = ET_DYN;
  uint16_t machine = kMachine;
  unsigned char elf_class = ELFCLASS64;
  unsigned char order = ELFDATA2LSB;
  std::string interpreter = "/lib64/ld-linux-x86-64.so.2";
};

// The smallest file that the checks can read: a header, one or no PT_INTERP, and the path it names.
std::string elf_bytes(const Synthetic& wanted) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = wanted.elf_class;
  header.e_ident[EI_DATA] = wanted.order;
  header.e_type = wanted.type;
  header.e_machine = wanted.machine;
  if (wanted.order == ELFDATA2MSB) {
    header.e_type = __builtin_bswap16(header.e_type);
    header.e_machine = __builtin_bswap16(header.e_machine);
  }
  header.e_phoff = sizeof header;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 2;
  Elf64_Phdr segments[2] = {};
  segments[0].p_type = PT_LOAD;
  segments[1].p_type = wanted.interpreter.empty() ? PT_NOTE : PT_INTERP;
  segments[1].p_offset = sizeof header + sizeof segments;
  segments[1].p_filesz = wanted.interpreter.size() + 1;
  std::string bytes(reinterpret_cast<const char*>(&header), sizeof header);
  bytes.append(reinterpret_cast<const char*>(segments), sizeof segments);
  return bytes + wanted.interpreter + '\0';
}

class ProgramCheck : public testing::Test {
 protected:
  std::string check(const std::string& name) {
    return refusal_of([&] { check_program(name, executor_); });
  }
  std::string check(const Synthetic& wanted, mode_t mode = 0755) {
    return check(scratch_.write("program", elf_bytes(wanted), mode));
  }

  Scratch scratch_;
  Executor executor_{.user = geteuid(), .group = getegid(), .path = "/nonexistent:" + scratch_.path()};
};

TEST_F(ProgramCheck, AnOrdinaryProgramIsGood) {
  EXPECT_EQ(check(Synthetic{}), "");
  EXPECT_EQ(check(Synthetic{.type = ET_EXEC}), "");
  EXPECT_EQ(check("/proc/self/exe"), "");
}

TEST_F(ProgramCheck, ANameIsLookedUpInPath) {
  const std::string program = scratch_.write("tool", elf_bytes({}), 0755);
  EXPECT_EQ(check_program("tool", executor_), program);
  EXPECT_TRUE(contains(check("no-such-tool"), "no-such-tool: no such program in PATH"));
}

TEST_F(ProgramCheck, AnEmptyPathElementIsTheCurrentDirectory) {
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(scratch_.path());
  scratch_.write("here", elf_bytes({}), 0755);
  EXPECT_EQ(find_program("here", {.path = "/nonexistent:"}), "./here");
  EXPECT_TRUE(contains(refusal_of([] { find_program("here", {.path = "/nonexistent"}); }), "try ./here"));
  std::filesystem::current_path(before);
}

TEST_F(ProgramCheck, AFileInPathThatIsNotExecutableIsPassedOverForOneThatIs) {
  Scratch first;
  first.write("tool", elf_bytes({}), 0644);
  EXPECT_TRUE(contains(refusal_of([&] { find_program("tool", {.path = first.path()}); }), "not executable"));
  scratch_.write("tool", elf_bytes({}), 0755);
  EXPECT_EQ(find_program("tool", {.path = first.path() + ':' + scratch_.path()}), scratch_ / "tool");
}

TEST_F(ProgramCheck, WhatCannotBeRunIsRefusedByWhatItIs) {
  EXPECT_TRUE(contains(check(""), "name of the program is empty"));
  EXPECT_TRUE(contains(check(scratch_ / "missing"), "no such program"));
  EXPECT_TRUE(contains(check(scratch_.path()), "is a directory"));
  EXPECT_TRUE(contains(check("/dev/null"), "not a regular file"));
  EXPECT_TRUE(contains(check(Synthetic{}, 0644), "is not executable by you"));
  EXPECT_TRUE(
      contains(check(scratch_.write("data", "just text", 0755)), "neither an ELF program nor a script"));
  EXPECT_TRUE(contains(check(scratch_.write("empty", "", 0755)), "neither an ELF program nor a script"));
}

TEST_F(ProgramCheck, AStaticProgramIsRefusedAndInspectIsOffered) {
  for (uint16_t type : {ET_EXEC, ET_DYN}) {
    const std::string refusal = check(Synthetic{.type = type, .interpreter = ""});
    EXPECT_TRUE(contains(refusal, "is statically linked, so the hooks cannot be loaded"));
    EXPECT_TRUE(contains(refusal, "gordian inspect PID"));
  }
}

TEST_F(ProgramCheck, AnotherMachineIsRefused) {
  EXPECT_TRUE(contains(check(Synthetic{.machine = EM_RISCV}), "another machine (64-bit, ELF machine 243)"));
  EXPECT_TRUE(contains(check(Synthetic{.machine = EM_386, .elf_class = ELFCLASS32}),
                       "another machine (32-bit, ELF machine 3)"));
  EXPECT_TRUE(contains(check(Synthetic{.machine = EM_S390, .order = ELFDATA2MSB}),
                       "another machine (64-bit, ELF machine 22)"));
}

TEST_F(ProgramCheck, AnElfFileThatIsNoProgramAndAnotherLibcAreRefused) {
  EXPECT_TRUE(contains(check(Synthetic{.type = ET_REL}), "no program"));
  EXPECT_TRUE(contains(check(Synthetic{.type = ET_CORE}), "no program"));
  EXPECT_TRUE(contains(check(Synthetic{.interpreter = "/lib/ld-musl-x86_64.so.1"}), "musl"));
}

TEST_F(ProgramCheck, PrivilegesThatTheKernelWouldGrantAreRefused) {
  EXPECT_EQ(check(Synthetic{}, 04755), "") << "set-uid to oneself grants nothing";
  executor_.user = geteuid() + 1;
  EXPECT_TRUE(contains(check(Synthetic{}, 04755), "is a set-uid program"));
  EXPECT_EQ(check(Synthetic{}, 0755), "");
  executor_.user = geteuid();
  executor_.group = getegid() + 1;
  EXPECT_TRUE(contains(check(Synthetic{}, 02755), "is a set-gid program"));
  EXPECT_EQ(check(Synthetic{}, 02745), "") << "without the group's execute bit it grants nothing";
}

TEST_F(ProgramCheck, AScriptIsJudgedByItsInterpreter) {
  const std::string dynamic = scratch_.write("dynamic", elf_bytes({}), 0755);
  const std::string fixed = scratch_.write("static", elf_bytes({.interpreter = ""}), 0755);
  const std::string good = scratch_.write("good", "#! " + dynamic + " -x\nrest\n", 0755);
  EXPECT_EQ(check_program(good, executor_), good);
  EXPECT_EQ(interpreter_chain(good), (std::vector<std::string>{good, dynamic}));
  EXPECT_TRUE(contains(check(scratch_.write("bad", "#!" + fixed, 0755)), fixed + " is statically linked"));
  EXPECT_TRUE(contains(check(scratch_.write("gone", "#!/no/such/shell\n", 0755)),
                       "names /no/such/shell, which does not exist"));
  EXPECT_TRUE(contains(check(scratch_.write("none", "#!\n", 0755)), "names nothing"));
}

TEST_F(ProgramCheck, ScriptsOfScriptsAreFollowedButNotForEver) {
  const std::string dynamic = scratch_.write("dynamic", elf_bytes({}), 0755);
  const std::string inner = scratch_.write("inner", "#!" + dynamic + '\n', 0755);
  EXPECT_EQ(check(scratch_.write("outer", "#!" + inner + '\n', 0755)), "");
  const std::string loop = scratch_ / "loop";
  scratch_.write("loop", "#!" + loop + '\n', 0755);
  EXPECT_TRUE(contains(check(loop), "too many scripts"));
}

TEST_F(ProgramCheck, ATruncatedElfFileIsNoReasonToCrash) {
  const std::string bytes = elf_bytes({});
  for (size_t size = 0; size < bytes.size(); ++size) {
    const std::string refusal = check(scratch_.write("cut", bytes.substr(0, size), 0755));
    if (size < bytes.size() - 1) {
      EXPECT_NE(refusal, "") << size;
    }
  }
  std::string hostile = bytes;
  auto* header = reinterpret_cast<Elf64_Ehdr*>(hostile.data());
  header->e_phoff = UINT64_MAX - 8;
  header->e_phnum = UINT16_MAX;
  EXPECT_TRUE(contains(check(scratch_.write("hostile", hostile, 0755)), "statically linked"));
}

}  // namespace
}  // namespace gordian::cli
