// Whether the hooks can be loaded into a program, asked before it is started.
//
// Promises: finds the file as execvp would, follows #! lines to the interpreter, reads ELF headers and
// nothing else; starts nothing. A program into which the loader would silently not load the hooks (static,
// set-uid, another architecture, another libc) is refused with a Refusal whose line says what, where, and
// what to do. A race with somebody who replaces the file meanwhile is found by execve itself. Sources:
// execve(2), ld.so(8) on secure-execution mode, capabilities(7), elf(5).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gordian::cli {

// Who will execute the program, and what execvp would read. A parameter, so that tests need no set-uid files.
struct Executor {
  uint32_t user = 0;
  uint32_t group = 0;
  std::string path;  // the PATH variable
};

Executor current_executor();

// The file to execute. Throws Refusal.
std::string find_program(const std::string& name, const Executor& executor);

// The chain of files that the kernel will execute: the program, then the interpreters of #! lines, the last
// one being ELF. Throws Refusal.
std::vector<std::string> interpreter_chain(const std::string& program);

// find_program and every check; returns the file to execute. Throws Refusal.
std::string check_program(const std::string& name, const Executor& executor);

// What the checks read of an ELF file; nothing when it is not one.
struct ElfFacts {
  unsigned char elf_class = 0;
  unsigned char byte_order = 0;
  uint16_t type = 0;
  uint16_t machine = 0;
  std::string interpreter;          // PT_INTERP; empty for a static program
  bool needs_race_runtime = false;  // gcc's -fsanitize=thread: libtsan.so.2 is among its libraries
  bool has_race_runtime = false;    // clang's: the runtime is part of the program
};

std::optional<ElfFacts> read_elf(const std::string& path);

}  // namespace gordian::cli
