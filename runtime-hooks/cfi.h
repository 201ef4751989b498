// Call frame information: which entry describes an address, and how to find the caller's registers from
// there.
//
// Promises: no allocation, no lock, no libc call but _dl_find_object. Tables are read where the dynamic
// linker mapped them, never outside the module that they describe; every loop is bounded by the size of the
// table. Stack memory is read by evaluate() alone, through the given reader. All functions return false
// rather than guess: a table that is damaged, an operation that is not known. Sources: DWARF 5
// sections 2.5, 6.4 and 7.24; Linux Standard Base 5.0 chapter 10 (.eh_frame, .eh_frame_hdr, pointer
// encodings); DWARF for the Arm 64-bit Architecture (return address signing).
#pragma once

#include <cstddef>
#include <cstdint>

#include "runtime-hooks/arch.h"
#include "runtime-hooks/unwind.h"

namespace gordian::hooks::cfi {

// Reads forward between two addresses. A read past the end gives zero and leaves the cursor failed, at its
// end, for good; so callers check once after several reads, and a loop over at_end() always ends.
struct Cursor {
  const unsigned char* at;
  const unsigned char* end;
  bool failed = false;

  bool at_end() const { return at == end; }
  size_t left() const { return static_cast<size_t>(end - at); }

  template <typename T>
  T fixed() {
    T value{};
    if (left() < sizeof(T)) {
      fail();
    } else {
      __builtin_memcpy(&value, at, sizeof(T));
      at += sizeof(T);
    }
    return value;
  }
  void skip(uint64_t size) {
    if (left() < size) {
      fail();
    } else {
      at += size;
    }
  }
  void fail() {
    failed = true;
    at = end;
  }
  uint64_t uleb();
  int64_t sleb();
};

// The loaded object around an address.
struct Module {
  const unsigned char* begin;
  const unsigned char* end;
  const unsigned char* header;  // .eh_frame_hdr
};

// One FDE with what matters of its CIE.
struct Entry {
  Module module;
  uint64_t begin;  // the code that it describes
  uint64_t end;
  Cursor common_instructions;
  Cursor instructions;
  uint64_t code_alignment;
  int64_t data_alignment;
  uint32_t return_address;  // register number
  uint8_t pointer_encoding;
  bool signal_frame;
};

enum class Rule : uint8_t {
  kUnspecified = 0,
  kUndefined,
  kSameValue,
  kOffset,       // saved at CFA + operand
  kValueOffset,  // is CFA + operand
  kRegister,
  kExpression,       // saved where the expression says
  kValueExpression,  // is what the expression says
};

// One row of the table that the instructions stand for: how to find the CFA and each register of the caller.
// Kept small, because several of them are on the stack of a thread whose stack may be small. Expressions are
// told by their distance from the module's header.
struct Row {
  Rule rule[Registers::kCount];
  Rule cfa_rule;  // kRegister: cfa_register + cfa_operand; kValueExpression
  bool return_address_signed;
  uint32_t cfa_register;
  int32_t cfa_operand;
  int32_t operand[Registers::kCount];
};

// Registers of one frame. Those that no table has told are not known and are never used.
struct FrameRegisters {
  Registers registers;
  uint64_t known;  // by bit

  bool get(uint64_t number, uint64_t& value) const {
    if (number >= Registers::kCount || (known >> number & 1) == 0) return false;
    value = registers.value[number];
    return true;
  }
  void set(uint32_t number, uint64_t value) {
    registers.value[number] = value;
    known |= uint64_t{1} << number;
  }
};

// Memory of the stack being walked.
struct StackMemory {
  StackReader reader;
  void* context;

  bool word(uint64_t address, uint64_t& value) const {
    return reader(context, address, &value, sizeof value);
  }
};

// Reads a pointer that is encoded as `encoding` (LSB 10.5). `module` gives the base of data-relative ones.
bool read_pointer(Cursor& cursor, uint8_t encoding, const Module& module, uint64_t& value);

// The entry whose range contains `address`.
bool find_entry(uint64_t address, Entry& entry);

// The row for `address`, which `entry` contains.
bool find_row(const Entry& entry, uint64_t address, Row& row);

// A block of DWARF operations in `module`, `distance` from its header and preceded by its size.
Cursor expression_at(const Module& module, int32_t distance);

// Runs a DWARF expression. `initial` is on the stack first when it is given.
bool evaluate(Cursor expression, const uint64_t* initial, const FrameRegisters& frame,
              const StackMemory& memory, uint64_t& result);

}  // namespace gordian::hooks::cfi
