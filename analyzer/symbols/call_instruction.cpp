#include "analyzer/symbols/call_instruction.h"

#include <elf.h>

namespace gordian::symbols {
namespace {

// The length of `ff /2` with this ModR/M byte and the SIB byte that may follow it.
size_t indirect_call_length(uint8_t modrm, uint8_t sib) {
  const unsigned mode = modrm >> 6;
  const unsigned rm = modrm & 7;
  if (mode == 3) return 2;
  const bool has_sib = rm == 4;
  size_t displacement = 0;
  if (mode == 1) displacement = 1;
  if (mode == 2) displacement = 4;
  if (mode == 0 && rm == 5) displacement = 4;                    // relative to rip
  if (mode == 0 && has_sib && (sib & 7) == 5) displacement = 4;  // no base register
  return 2 + (has_sib ? 1 : 0) + displacement;
}

bool ends_in_x86_call(const uint8_t* bytes, size_t size) {
  if (size >= 5 && bytes[size - 5] == 0xe8) return true;  // call rel32
  for (size_t length = 2; length <= kLongestCall && length <= size; ++length) {
    const uint8_t* instruction = bytes + size - length;
    if (instruction[0] != 0xff || ((instruction[1] >> 3) & 7) != 2) continue;
    const uint8_t sib = length > 2 ? instruction[2] : 0;
    if (indirect_call_length(instruction[1], sib) == length) return true;
  }
  return false;
}

bool ends_in_arm_call(const uint8_t* bytes, size_t size) {
  if (size < 4) return false;
  const uint8_t* at = bytes + size - 4;
  const uint32_t word =
      uint32_t{at[0]} | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24;
  const bool direct = word >> 26 == 0x25;  // bl
  const bool indirect =
      (word & 0xfefff000u) == 0xd63f0000u;  // blr, and its forms that authenticate the pointer
  return direct || indirect;
}

}  // namespace

bool ends_in_call(uint16_t machine, const uint8_t* bytes, size_t size) {
  if (machine == EM_X86_64) return ends_in_x86_call(bytes, size);
  if (machine == EM_AARCH64) return ends_in_arm_call(bytes, size);
  return false;
}

}  // namespace gordian::symbols
