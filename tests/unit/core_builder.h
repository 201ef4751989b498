// Builds core files for tests, as the kernel lays them out: threads with registers, mapped files, memory.
#pragma once

#include <elf.h>
#include <sys/procfs.h>
#include <sys/syscall.h>
#include <sys/user.h>

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include "analyzer/capture/process/registers.h"
#include "analyzer/model/lock_words.h"

namespace gordian::test {

class CoreBuilder {
 public:
  uint16_t machine = capture::kMachine;
  unsigned char elf_class = ELFCLASS64;
  uint16_t type = ET_CORE;

  // A thread in a system call, or, without one, on a processor.
  CoreBuilder& thread(uint32_t tid, int64_t call, uint64_t first = 0, uint64_t second = 0,
                      uint64_t third = 0) {
    elf_prstatus status{};
    status.pr_pid = static_cast<pid_t>(tid);
    user_regs_struct registers{};
#if defined(__x86_64__)
    registers.orig_rax = static_cast<unsigned long>(call);
    registers.rax = call < 0 ? 0 : static_cast<unsigned long>(-512);
    registers.rdi = first;
    registers.rsi = second;
    registers.rdx = third;
    registers.rsp = kStack;
    registers.rip = kCode;
#endif
    std::memcpy(&status.pr_reg, &registers, sizeof registers);
    note(NT_PRSTATUS, &status, sizeof status);
    return *this;
  }

  CoreBuilder& program(uint32_t pid, const std::string& name) {
    elf_prpsinfo info{};
    info.pr_pid = static_cast<pid_t>(pid);
    std::strncpy(info.pr_fname, name.c_str(), sizeof info.pr_fname - 1);
    std::strncpy(info.pr_psargs, name.c_str(), sizeof info.pr_psargs - 1);
    note(NT_PRPSINFO, &info, sizeof info);
    return *this;
  }

  CoreBuilder& file(uint64_t start, uint64_t end, const std::string& path) {
    const uint64_t words[] = {1, 4096, start, end, 0};
    std::string bytes(reinterpret_cast<const char*>(words), sizeof words);
    bytes += path + '\0';
    note(NT_FILE, bytes.data(), bytes.size());
    return *this;
  }

  CoreBuilder& memory(uint64_t address, const std::string& bytes) {
    memory_.push_back({address, bytes});
    return *this;
  }

  // A contended mutex, as its owner and a sleeper leave it.
  static std::string mutex(uint32_t owner, uint32_t kind = 0) {
    const model::MutexWords words{2, 0, owner, 1, kind};
    std::string bytes(reinterpret_cast<const char*>(&words), sizeof words);
    bytes.resize(40);
    return bytes;
  }

  std::string build() const {
    Elf64_Ehdr header{};
    std::memcpy(header.e_ident, ELFMAG, SELFMAG);
    header.e_ident[EI_CLASS] = elf_class;
    header.e_ident[EI_DATA] = ELFDATA2LSB;
    header.e_type = type;
    header.e_machine = machine;
    header.e_phoff = sizeof header;
    header.e_phentsize = sizeof(Elf64_Phdr);
    header.e_phnum = static_cast<uint16_t>(1 + memory_.size());
    uint64_t at = sizeof header + header.e_phnum * sizeof(Elf64_Phdr);
    std::string programs;
    const auto program = [&](uint32_t kind, uint64_t address, size_t size) {
      Elf64_Phdr each{};
      each.p_type = kind;
      each.p_offset = at;
      each.p_vaddr = address;
      each.p_filesz = size;
      each.p_memsz = kind == PT_LOAD ? size : 0;
      programs.append(reinterpret_cast<const char*>(&each), sizeof each);
      at += size;
    };
    program(PT_NOTE, 0, notes_.size());
    for (const Piece& piece : memory_) program(PT_LOAD, piece.address, piece.bytes.size());
    std::string result(reinterpret_cast<const char*>(&header), sizeof header);
    result += programs + notes_;
    for (const Piece& piece : memory_) result += piece.bytes;
    return result;
  }

  static constexpr uint64_t kStack = 0x7f0000001000;
  static constexpr uint64_t kCode = 0x401000;
  static constexpr uint64_t kLocks = 0x600000;

 private:
  struct Piece {
    uint64_t address;
    std::string bytes;
  };

  void note(uint32_t kind, const void* description, size_t size) {
    const Elf64_Nhdr header{5, static_cast<Elf64_Word>(size), kind};
    notes_.append(reinterpret_cast<const char*>(&header), sizeof header);
    notes_.append("CORE\0\0\0\0", 8);
    notes_.append(static_cast<const char*>(description), size);
    notes_.resize((notes_.size() + 3) & ~size_t{3});
  }

  std::string notes_;
  std::vector<Piece> memory_;
};

// Two threads, each asleep on the mutex that the other has.
inline CoreBuilder two_mutex_core() {
  constexpr uint64_t kWaitPrivate = 128;
  CoreBuilder core;
  core.program(100, "bank")
      .thread(101, SYS_futex, CoreBuilder::kLocks + 64, kWaitPrivate, 2)
      .thread(102, SYS_futex, CoreBuilder::kLocks, kWaitPrivate, 2)
      .file(0x400000, 0x402000, "/nowhere/libc.so.6")
      .memory(CoreBuilder::kStack, std::string(256, '\0'))
      .memory(CoreBuilder::kLocks, CoreBuilder::mutex(101) + std::string(24, '\0') + CoreBuilder::mutex(102));
  return core;
}

}  // namespace gordian::test
