// The call frame instructions (DWARF 5 section 6.4.2), run up to the row that describes one address.
#include "runtime-hooks/cfi.h"

namespace gordian::hooks::cfi {
namespace {

// Compilers nest remember_state once; hand-written assembly has been seen to nest it twice.
constexpr uint32_t kMaxRemembered = 4;

// The three opcodes that carry an operand in their low six bits.
constexpr uint8_t kPrimaryMask = 0xc0;
constexpr uint8_t kAdvance = 0x40;
constexpr uint8_t kOffsetPrimary = 0x80;
constexpr uint8_t kRestorePrimary = 0xc0;

enum Opcode : uint8_t {
  kNop = 0x00,
  kSetLocation = 0x01,
  kAdvance1 = 0x02,
  kAdvance2 = 0x03,
  kAdvance4 = 0x04,
  kOffsetExtended = 0x05,
  kRestoreExtended = 0x06,
  kUndefined = 0x07,
  kSameValue = 0x08,
  kRegister = 0x09,
  kRememberState = 0x0a,
  kRestoreState = 0x0b,
  kDefineCfa = 0x0c,
  kDefineCfaRegister = 0x0d,
  kDefineCfaOffset = 0x0e,
  kDefineCfaExpression = 0x0f,
  kExpression = 0x10,
  kOffsetExtendedSigned = 0x11,
  kDefineCfaSigned = 0x12,
  kDefineCfaOffsetSigned = 0x13,
  kValueOffset = 0x14,
  kValueOffsetSigned = 0x15,
  kValueExpression = 0x16,
  kAdvance8 = 0x1d,
  kNegateReturnAddressStateWithPc = 0x2c,
  kNegateReturnAddressState = 0x2d,
  kArgumentsSize = 0x2e,
  kNegativeOffsetExtended = 0x2f,
};

class Interpreter {
 public:
  Interpreter(const Entry& entry, uint64_t address, Row& row)
      : entry_(entry), address_(address), location_(entry.begin), row_(row) {}

  bool run() {
    row_ = Row{};
    initial_ = nullptr;
    if (!run(entry_.common_instructions)) return false;
    const Row initial = row_;
    initial_ = &initial;
    return run(entry_.instructions) && row_.cfa_rule != Rule::kUnspecified;
  }

 private:
  // Runs until the instructions end or move past the address. An operand that lies past the end fails the
  // cursor.
  bool run(Cursor instructions) {
    while (!instructions.at_end()) {
      const uint8_t opcode = instructions.fixed<uint8_t>();
      if (!step(opcode, instructions) || instructions.failed) return false;
      if (location_ > address_) return true;
    }
    return true;
  }

  bool step(uint8_t opcode, Cursor& in) {
    switch (opcode & kPrimaryMask) {
      case kAdvance:
        return advance(opcode & ~kPrimaryMask);
      case kOffsetPrimary:
        return set(opcode & ~kPrimaryMask, Rule::kOffset, factored(in.uleb()));
      case kRestorePrimary:
        return restore(opcode & ~kPrimaryMask);
      default:
        break;
    }
    switch (opcode) {
      case kNop:
        return true;
      case kSetLocation:
        return read_pointer(in, entry_.pointer_encoding, entry_.module, location_);
      case kAdvance1:
        return advance(in.fixed<uint8_t>());
      case kAdvance2:
        return advance(in.fixed<uint16_t>());
      case kAdvance4:
        return advance(in.fixed<uint32_t>());
      case kAdvance8:
        return advance(in.fixed<uint64_t>());
      case kRememberState:
        return remember();
      case kRestoreState:
        return restore_remembered();
      case kNegateReturnAddressState:
      case kNegateReturnAddressStateWithPc:
        row_.return_address_signed = !row_.return_address_signed;
        return true;
      case kArgumentsSize:
        in.uleb();
        return true;
      case kDefineCfa:
      case kDefineCfaSigned:
      case kDefineCfaRegister:
      case kDefineCfaOffset:
      case kDefineCfaOffsetSigned:
      case kDefineCfaExpression:
        return define_cfa(opcode, in);
      default:
        return define_register(opcode, in);
    }
  }

  bool define_cfa(uint8_t opcode, Cursor& in) {
    if (opcode == kDefineCfaExpression) {
      row_.cfa_rule = Rule::kValueExpression;
      return block(in, row_.cfa_operand);
    }
    if (opcode == kDefineCfa || opcode == kDefineCfaSigned || opcode == kDefineCfaRegister) {
      const uint64_t number = in.uleb();
      if (number >= Registers::kCount) return false;
      row_.cfa_register = static_cast<uint32_t>(number);
    }
    switch (opcode) {
      case kDefineCfa:
      case kDefineCfaOffset:
        if (!fits(static_cast<int64_t>(in.uleb()), row_.cfa_operand)) return false;
        break;
      case kDefineCfaSigned:
      case kDefineCfaOffsetSigned:
        if (!fits(factored(in.sleb()), row_.cfa_operand)) return false;
        break;
      default:
        break;
    }
    row_.cfa_rule = Rule::kRegister;
    return true;
  }

  bool define_register(uint8_t opcode, Cursor& in) {
    const uint64_t number = in.uleb();
    switch (opcode) {
      case kOffsetExtended:
        return set(number, Rule::kOffset, factored(in.uleb()));
      case kOffsetExtendedSigned:
        return set(number, Rule::kOffset, factored(in.sleb()));
      case kNegativeOffsetExtended:
        return set(number, Rule::kOffset, factored(0 - in.uleb()));
      case kValueOffset:
        return set(number, Rule::kValueOffset, factored(in.uleb()));
      case kValueOffsetSigned:
        return set(number, Rule::kValueOffset, factored(in.sleb()));
      case kUndefined:
        return set(number, Rule::kUndefined, 0);
      case kSameValue:
        return set(number, Rule::kSameValue, 0);
      case kRegister:
        return set(number, Rule::kRegister, static_cast<int64_t>(in.uleb()));
      case kRestoreExtended:
        return restore(number);
      case kExpression:
      case kValueExpression: {
        int32_t distance = 0;
        return block(in, distance) &&
               set(number, opcode == kExpression ? Rule::kExpression : Rule::kValueExpression, distance);
      }
      default:
        return false;
    }
  }

  bool advance(uint64_t delta) {
    location_ += delta * entry_.code_alignment;
    return true;
  }

  // Offsets in units of the data alignment; computed without sign, where overflow is defined, and checked by
  // set().
  int64_t factored(uint64_t count) const {
    return static_cast<int64_t>(count * static_cast<uint64_t>(entry_.data_alignment));
  }
  int64_t factored(int64_t count) const { return factored(static_cast<uint64_t>(count)); }

  static bool fits(int64_t value, int32_t& out) {
    out = static_cast<int32_t>(value);
    return out == value;
  }

  // Vector, floating point and shadow stack registers are told too; no caller is found through them.
  bool set(uint64_t number, Rule rule, int64_t operand) {
    if (number >= Registers::kCount) return true;
    row_.rule[number] = rule;
    return fits(operand, row_.operand[number]);
  }

  bool restore(uint64_t number) {
    if (initial_ == nullptr) return false;
    if (number >= Registers::kCount) return true;
    row_.rule[number] = initial_->rule[number];
    row_.operand[number] = initial_->operand[number];
    return true;
  }

  bool remember() {
    if (depth_ == kMaxRemembered) return false;
    remembered_[depth_++] = row_;
    return true;
  }

  // The CFA comes back as well: DWARF 5 is silent on it, all producers mean it.
  bool restore_remembered() {
    if (depth_ == 0) return false;
    row_ = remembered_[--depth_];
    return true;
  }

  bool block(Cursor& in, int32_t& distance) {
    const bool near = fits(in.at - entry_.module.header, distance);
    in.skip(in.uleb());
    return near && !in.failed;
  }

  const Entry& entry_;
  const uint64_t address_;
  uint64_t location_;
  Row& row_;
  const Row* initial_;
  uint32_t depth_ = 0;
  Row remembered_[kMaxRemembered];
};

}  // namespace

bool find_row(const Entry& entry, uint64_t address, Row& row) {
  return Interpreter(entry, address, row).run();
}

Cursor expression_at(const Module& module, int32_t distance) {
  Cursor block{module.header + distance, module.end};
  const uint64_t size = block.uleb();
  const unsigned char* begin = block.at;
  block.skip(size);
  return {begin, block.at, block.failed};
}

}  // namespace gordian::hooks::cfi
