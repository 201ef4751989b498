// What one machine instruction does to memory, as far as races are concerned.
//
// Promises: pure, no allocation, any thread. `decode_form` says false for what is no instruction. The only
// file that knows the decoder (Zydis). Registers are those of arch.h, by DWARF number. Source: Intel SDM
// volume 2; volume 3A section 8.1.1 (which accesses are atomic by themselves).
#pragma once

#include <cstddef>
#include <cstdint>

#include "analyzer/record/flight_record.h"
#include "runtime-hooks/arch.h"

namespace gordian::hooks::races {

inline constexpr size_t kLongestInstruction = 15;
inline constexpr int8_t kNoRegister = -1;

struct AccessForm {
  uint8_t length;             // of the instruction
  record::RaceAccess access;  // kNone: no memory that it names
  uint8_t size;               // of the access, in bytes
  bool is_locked;             // atomic by its form: the lock prefix, or an exchange with memory
  bool is_fence;              // orders accesses and makes none
  bool is_move;               // nothing but a load or a store: what an atomic one looks like, too
  bool is_unaligned_vector;   // the form of a vector move that puts up with any address
  bool is_repeated;           // a string instruction
  bool is_conditional;        // may leave memory alone
  bool is_branch;             // goes elsewhere, by way of memory or not
  bool is_stack_like;         // by the stack or frame pointer
  bool has_segment;           // thread-local
  bool writes_address;        // a register that the address is made of, so that it cannot be told afterwards
  int8_t base;                // DWARF number; kNoRegister
  int8_t index;
  uint8_t scale;
  uint64_t displacement;  // with the instruction pointer in it where it is relative to that
};

bool decode_form(uint64_t address, const uint8_t* code, size_t size, AccessForm& out);

inline bool does_write(const AccessForm& form) {
  return form.access != record::RaceAccess::kRead;
}

// Of the access, before the instruction is executed. Not where it has a segment.
uint64_t effective_address(const AccessForm& form, const Registers& registers);

// Whether the same memory is named in the same way.
bool names_the_same(const AccessForm& one, const AccessForm& other);

// Whether a breakpoint there can teach something: one named access by an ordinary instruction.
bool is_site(const AccessForm& form);

// Whether no compiler makes that of an atomic operation. A compiler of LLVM's folds some relaxed atomic
// operations into arithmetic on memory; GCC does not (tried with GCC 12: loads, stores, comparisons and
// updates of eight types, at every level of optimisation; only extensions are joined with loads). `is_gcc`:
// all of the module is GCC's.
bool is_surely_plain(const AccessForm& form, uint64_t address, bool is_gcc);

}  // namespace gordian::hooks::races
