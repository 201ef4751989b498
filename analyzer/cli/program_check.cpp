#include "analyzer/cli/program_check.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <fstream>

#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"

namespace gordian::cli {
namespace {

#if defined(__x86_64__)
constexpr uint16_t kMachine = EM_X86_64;
constexpr const char* kMachineName = "x86-64";
#elif defined(__aarch64__)
constexpr uint16_t kMachine = EM_AARCH64;
constexpr const char* kMachineName = "aarch64";
#else
#error "an architecture that the hooks are not written for"
#endif

constexpr size_t kDeepestInterpreter = 5;  // as the kernel has it: more gives ELOOP
constexpr size_t kLongestFirstLine = 256;  // BINPRM_BUF_SIZE
constexpr const char* kDefaultPath = "/bin:/usr/bin";

enum class Fitness { kMissing, kUnreachable, kDirectory, kNotRegular, kNotExecutable, kGood };

Fitness fitness_of(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) return errno == EACCES ? Fitness::kUnreachable : Fitness::kMissing;
  if (S_ISDIR(status.st_mode)) return Fitness::kDirectory;
  if (!S_ISREG(status.st_mode)) return Fitness::kNotRegular;
  if (faccessat(AT_FDCWD, path.c_str(), X_OK, AT_EACCESS) != 0) return Fitness::kNotExecutable;
  return Fitness::kGood;
}

[[noreturn]] void refuse_unfit(const std::string& path, Fitness fitness) {
  switch (fitness) {
    case Fitness::kUnreachable:
      throw Refusal(path +
                    ": a directory on the way to it may not be searched by you; look at its permissions");
    case Fitness::kDirectory:
      throw Refusal(path + " is a directory; name the program in it");
    case Fitness::kNotRegular:
      throw Refusal(path + " is not a regular file, so it cannot be run; name a program");
    case Fitness::kNotExecutable:
      throw Refusal(fmt::format("{} is not executable by you; look at its permissions, or try chmod +x {}",
                                path, path));
    default:
      throw Refusal(path + ": no such program; check the path");
  }
}

// The interpreter that the #! line names; nothing when there is no such line.
std::optional<std::string> shebang_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string line(kLongestFirstLine, '\0');
  file.read(line.data(), static_cast<std::streamsize>(line.size()));
  line.resize(static_cast<size_t>(file.gcount()));
  if (!line.starts_with("#!")) return std::nullopt;
  line.resize(std::min(line.find('\n'), line.size()));
  const size_t start = line.find_first_not_of(" \t", 2);
  if (start == std::string::npos) return "";
  return line.substr(start, line.find_first_of(" \t\r", start) - start);
}

void check_elf(const std::string& path, const ElfFacts& facts) {
  if (facts.machine != kMachine || facts.elf_class != ELFCLASS64 || facts.byte_order != ELFDATA2LSB) {
    throw Refusal(fmt::format(
        "{} is built for another machine ({}-bit, ELF machine {}), and this gordian watches {} programs; "
        "use a build of the program for {}",
        path, facts.elf_class == ELFCLASS32 ? 32 : 64, facts.machine, kMachineName, kMachineName));
  }
  if (facts.type != ET_EXEC && facts.type != ET_DYN) {
    throw Refusal(path + " is an ELF file but no program (an object file or a core dump); link it first");
  }
  if (facts.interpreter.empty()) {
    throw Refusal(path +
                  " is statically linked, so the hooks cannot be loaded into it; link it dynamically, "
                  "or start it yourself and try gordian inspect PID");
  }
  if (facts.interpreter.find("ld-musl") != std::string::npos) {
    throw Refusal(
        fmt::format("{} uses the musl C library ({}), and the hooks are made for glibc; "
                    "build it against glibc, or try gordian inspect PID",
                    path, facts.interpreter));
  }
}

// Whether the kernel takes privileges from this file at all.
bool grants_privileges(const std::string& path) {
  struct statvfs system {};
  const bool is_nosuid = statvfs(path.c_str(), &system) == 0 && (system.f_flag & ST_NOSUID) != 0;
  return !is_nosuid && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1;
}

// In secure-execution mode the loader ignores preloads from the environment, without a word.
void check_privileges(const std::string& path, const Executor& executor) {
  struct stat status {};
  if (!grants_privileges(path) || stat(path.c_str(), &status) != 0) return;
  const char* what = nullptr;
  if ((status.st_mode & S_ISUID) != 0 && status.st_uid != executor.user) what = "a set-uid program";
  // Without the group's execute bit, S_ISGID marked mandatory locking and grants nothing.
  const bool is_setgid = (status.st_mode & S_ISGID) != 0 && (status.st_mode & S_IXGRP) != 0;
  if (is_setgid && status.st_gid != executor.group) what = "a set-gid program";
  if (executor.user != 0 && getxattr(path.c_str(), "security.capability", nullptr, 0) > 0) {
    what = "a program with file capabilities";
  }
  if (what == nullptr) return;
  throw Refusal(
      fmt::format("{} is {}, so the loader would ignore the hooks; run a copy of it without the privileges, "
                  "run gordian as its owner, or try gordian inspect PID",
                  path, what));
}

}  // namespace

Executor current_executor() {
  const char* path = std::getenv("PATH");
  return {.user = geteuid(), .group = getegid(), .path = path != nullptr ? path : kDefaultPath};
}

std::string find_program(const std::string& name, const Executor& executor) {
  if (name.empty()) throw Refusal("the name of the program is empty; give one after --");
  if (name.find('/') != std::string::npos) {
    if (const Fitness fitness = fitness_of(name); fitness != Fitness::kGood) refuse_unfit(name, fitness);
    return name;
  }
  std::string unfit;
  for (size_t start = 0; start <= executor.path.size();) {
    const size_t end = std::min(executor.path.find(':', start), executor.path.size());
    const std::string directory = executor.path.substr(start, end - start);
    const std::string candidate = (directory.empty() ? "." : directory) + '/' + name;
    const Fitness fitness = fitness_of(candidate);
    if (fitness == Fitness::kGood) return candidate;
    if (fitness == Fitness::kNotExecutable && unfit.empty()) unfit = candidate;
    start = end + 1;
  }
  if (!unfit.empty()) refuse_unfit(unfit, Fitness::kNotExecutable);
  const bool is_here = fitness_of(name) == Fitness::kGood;
  throw Refusal(fmt::format("{}: no such program in PATH; {}", name,
                            is_here ? "try ./" + name : "check its name or give its path"));
}

std::vector<std::string> interpreter_chain(const std::string& program) {
  std::vector<std::string> chain = {program};
  while (!read_elf(chain.back())) {
    const std::string& script = chain.back();
    if (faccessat(AT_FDCWD, script.c_str(), R_OK, AT_EACCESS) != 0) {
      throw Refusal(fmt::format("{} cannot be read ({}), so it cannot be checked; look at its permissions",
                                script, error_text(errno)));
    }
    const auto interpreter = shebang_of(script);
    if (!interpreter) {
      throw Refusal(script +
                    " is neither an ELF program nor a script with a #! line; run it through its interpreter");
    }
    if (chain.size() == kDeepestInterpreter)
      throw Refusal(program +
                    ": too many scripts that interpret one another; run the last interpreter itself");
    if (const Fitness fitness = fitness_of(*interpreter); fitness != Fitness::kGood) {
      throw Refusal(fmt::format("{}: its #! line names {}, which {}; correct the line", script,
                                interpreter->empty() ? "nothing" : *interpreter,
                                fitness == Fitness::kMissing ? "does not exist" : "cannot be run"));
    }
    chain.push_back(*interpreter);
  }
  return chain;
}

std::string check_program(const std::string& name, const Executor& executor) {
  const std::string program = find_program(name, executor);
  const std::string executed = interpreter_chain(program).back();
  if (const auto facts = read_elf(executed)) check_elf(executed, *facts);
  check_privileges(executed, executor);
  return program;
}

}  // namespace gordian::cli
