#include "runtime-hooks/race-sampler/access_form.h"

#include <Zydis/Zydis.h>

namespace gordian::hooks::races {

using record::RaceAccess;

namespace {

struct Decoder {
  ZydisDecoder decoder;
  Decoder() { ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64); }
};

// A decoder is a few words of settings: made anew rather than shared.
const ZydisDecoder* decoder() {
  static const Decoder only;
  return &only.decoder;
}

int8_t dwarf_number(ZydisRegister reg) {
  // In the order in which the machine numbers them.
  static constexpr int8_t kNumbers[16] = {0, 2, 1, 3, 7, 6, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15};
  if (reg < ZYDIS_REGISTER_RAX || reg > ZYDIS_REGISTER_R15) return kNoRegister;
  return kNumbers[reg - ZYDIS_REGISTER_RAX];
}

bool is_move(ZydisMnemonic mnemonic) {
  switch (mnemonic) {
    case ZYDIS_MNEMONIC_MOV:
    case ZYDIS_MNEMONIC_MOVZX:  // the extension of what was loaded is joined with the load
    case ZYDIS_MNEMONIC_MOVSX:
    case ZYDIS_MNEMONIC_MOVSXD:
    case ZYDIS_MNEMONIC_MOVNTI:
    case ZYDIS_MNEMONIC_MOVBE:
    case ZYDIS_MNEMONIC_MOVD:
    case ZYDIS_MNEMONIC_MOVQ:
    case ZYDIS_MNEMONIC_MOVSS:
    case ZYDIS_MNEMONIC_MOVSD:
    case ZYDIS_MNEMONIC_MOVLPS:
    case ZYDIS_MNEMONIC_MOVLPD:
    case ZYDIS_MNEMONIC_MOVHPS:
    case ZYDIS_MNEMONIC_MOVHPD:
    case ZYDIS_MNEMONIC_MOVAPS:
    case ZYDIS_MNEMONIC_MOVAPD:
    case ZYDIS_MNEMONIC_MOVDQA:
    case ZYDIS_MNEMONIC_VMOVD:
    case ZYDIS_MNEMONIC_VMOVQ:
    case ZYDIS_MNEMONIC_VMOVSS:
    case ZYDIS_MNEMONIC_VMOVSD:
    case ZYDIS_MNEMONIC_VMOVAPS:
    case ZYDIS_MNEMONIC_VMOVAPD:
    case ZYDIS_MNEMONIC_VMOVDQA:
    case ZYDIS_MNEMONIC_PEXTRD:
    case ZYDIS_MNEMONIC_PEXTRQ:
    case ZYDIS_MNEMONIC_VPEXTRD:
    case ZYDIS_MNEMONIC_VPEXTRQ:
      return true;
    default:
      return false;
  }
}

bool is_unaligned_vector(ZydisMnemonic mnemonic) {
  switch (mnemonic) {
    case ZYDIS_MNEMONIC_MOVUPS:
    case ZYDIS_MNEMONIC_MOVUPD:
    case ZYDIS_MNEMONIC_MOVDQU:
    case ZYDIS_MNEMONIC_VMOVUPS:
    case ZYDIS_MNEMONIC_VMOVUPD:
    case ZYDIS_MNEMONIC_VMOVDQU:
    case ZYDIS_MNEMONIC_LDDQU:
      return true;
    default:
      return false;
  }
}

// Names memory and does not touch it as data.
bool is_hint(const ZydisDecodedInstruction& instruction) {
  return instruction.meta.category == ZYDIS_CATEGORY_NOP ||
         instruction.meta.category == ZYDIS_CATEGORY_WIDENOP ||
         instruction.meta.category == ZYDIS_CATEGORY_PREFETCH ||
         instruction.mnemonic == ZYDIS_MNEMONIC_CLFLUSH || instruction.mnemonic == ZYDIS_MNEMONIC_CLFLUSHOPT;
}

bool is_fence(ZydisMnemonic mnemonic) {
  return mnemonic == ZYDIS_MNEMONIC_MFENCE || mnemonic == ZYDIS_MNEMONIC_LFENCE ||
         mnemonic == ZYDIS_MNEMONIC_SFENCE;
}

bool is_branch(const ZydisDecodedInstruction& instruction) {
  switch (instruction.meta.category) {
    case ZYDIS_CATEGORY_CALL:
    case ZYDIS_CATEGORY_RET:
    case ZYDIS_CATEGORY_UNCOND_BR:
    case ZYDIS_CATEGORY_COND_BR:
    case ZYDIS_CATEGORY_SYSCALL:
    case ZYDIS_CATEGORY_INTERRUPT:
      return true;
    default:
      return false;
  }
}

bool is_string(const ZydisDecodedInstruction& instruction) {
  return (instruction.attributes & (ZYDIS_ATTRIB_HAS_REP | ZYDIS_ATTRIB_HAS_REPE | ZYDIS_ATTRIB_HAS_REPNE)) !=
             0 ||
         instruction.meta.category == ZYDIS_CATEGORY_STRINGOP;
}

RaceAccess access_of(ZydisOperandActions actions) {
  const bool reads = (actions & ZYDIS_OPERAND_ACTION_MASK_READ) != 0;
  const bool writes = (actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
  if (reads && writes) return RaceAccess::kUpdate;
  return writes ? RaceAccess::kWrite : RaceAccess::kRead;
}

void take_memory(const ZydisDecodedInstruction& instruction, const ZydisDecodedOperand& operand,
                 uint64_t address, AccessForm& out) {
  const ZydisDecodedOperandMem& memory = operand.mem;
  out.access = access_of(operand.actions);
  out.size = static_cast<uint8_t>(operand.size / 8);
  out.is_conditional =
      (operand.actions & (ZYDIS_OPERAND_ACTION_CONDREAD | ZYDIS_OPERAND_ACTION_CONDWRITE)) != 0;
  out.has_segment = memory.segment == ZYDIS_REGISTER_FS || memory.segment == ZYDIS_REGISTER_GS;
  out.displacement = memory.disp.has_displacement ? static_cast<uint64_t>(memory.disp.value) : 0;
  out.scale = memory.scale;
  if (memory.base == ZYDIS_REGISTER_RIP) {
    out.displacement += address + instruction.length;
  } else {
    out.base = dwarf_number(memory.base);
    if (memory.base != ZYDIS_REGISTER_NONE && out.base == kNoRegister) out.is_conditional = true;
  }
  out.index = dwarf_number(memory.index);
  // A vector of addresses, or registers of 32 bits: not followed.
  if (memory.index != ZYDIS_REGISTER_NONE && out.index == kNoRegister) out.is_conditional = true;
  const bool is_frame = memory.base == ZYDIS_REGISTER_RBP && memory.index == ZYDIS_REGISTER_NONE &&
                        memory.disp.has_displacement && memory.disp.value < 0;
  out.is_stack_like = memory.base == ZYDIS_REGISTER_RSP || is_frame;
}

bool writes_register(const ZydisDecodedOperand& operand, int8_t number) {
  if (number == kNoRegister || operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return false;
  if ((operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) == 0) return false;
  const ZydisRegister whole = ZydisRegisterGetLargestEnclosing(ZYDIS_MACHINE_MODE_LONG_64, operand.reg.value);
  return dwarf_number(whole) == number;
}

}  // namespace

bool decode_form(uint64_t address, const uint8_t* code, size_t size, AccessForm& out) {
  ZydisDecodedInstruction instruction;
  ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
  out = {};
  out.base = out.index = kNoRegister;
  if (!ZYAN_SUCCESS(ZydisDecoderDecodeFull(decoder(), code, size, &instruction, operands))) return false;
  out.length = instruction.length;
  out.is_branch = is_branch(instruction);
  out.is_fence = is_fence(instruction.mnemonic);
  out.is_repeated = is_string(instruction);
  if (is_hint(instruction)) return true;
  uint32_t named = 0;
  for (uint32_t i = 0; i < instruction.operand_count; ++i) {
    const ZydisDecodedOperand& operand = operands[i];
    if (operand.type != ZYDIS_OPERAND_TYPE_MEMORY || operand.mem.type != ZYDIS_MEMOP_TYPE_MEM) continue;
    // What push, pop and call do to the stack is hidden.
    if (operand.visibility == ZYDIS_OPERAND_VISIBILITY_HIDDEN && !out.is_repeated) continue;
    if (named++ == 0) take_memory(instruction, operand, address, out);
  }
  if (named > 1) out.is_repeated = true;
  if (out.access == RaceAccess::kNone) return true;
  for (uint32_t i = 0; i < instruction.operand_count; ++i)
    out.writes_address = out.writes_address || writes_register(operands[i], out.base) ||
                         writes_register(operands[i], out.index);
  out.is_locked =
      (instruction.attributes & ZYDIS_ATTRIB_HAS_LOCK) != 0 || instruction.mnemonic == ZYDIS_MNEMONIC_XCHG;
  out.is_move = is_move(instruction.mnemonic);
  out.is_unaligned_vector = is_unaligned_vector(instruction.mnemonic);
  return true;
}

uint64_t effective_address(const AccessForm& form, const Registers& registers) {
  uint64_t address = form.displacement;
  if (form.base != kNoRegister) address += registers.value[form.base];
  if (form.index != kNoRegister) address += registers.value[form.index] * form.scale;
  return address;
}

bool names_the_same(const AccessForm& one, const AccessForm& other) {
  return one.base == other.base && one.index == other.index && one.displacement == other.displacement &&
         one.size == other.size && (one.index == kNoRegister || one.scale == other.scale);
}

bool is_site(const AccessForm& form) {
  return form.access != RaceAccess::kNone && form.size != 0 && !form.is_locked && !form.is_repeated &&
         !form.is_conditional && !form.is_branch && !form.is_stack_like && !form.has_segment;
}

bool is_surely_plain(const AccessForm& form, uint64_t address, bool is_gcc) {
  if (form.is_locked || form.access == RaceAccess::kNone) return false;
  if (form.size > 16 || form.is_unaligned_vector || form.is_repeated) return true;
  const bool is_natural = form.size != 0 && (form.size & (form.size - 1)) == 0 && address % form.size == 0;
  if (!is_natural) return true;
  return is_gcc && !form.is_move;
}

}  // namespace gordian::hooks::races
