// DWARF expressions (DWARF 5 section 2.5), as far as call frame information may use them (6.4.2.3).
#include "runtime-hooks/cfi.h"

namespace gordian::hooks::cfi {
namespace {

constexpr uint32_t kMaxDepth = 16;
// Branches may go backwards. No producer's loop comes near this.
constexpr uint32_t kMaxOperations = 512;

enum Operation : uint8_t {
  kAddress = 0x03,
  kDereference = 0x06,
  kConst1u = 0x08,
  kConst1s = 0x09,
  kConst2u = 0x0a,
  kConst2s = 0x0b,
  kConst4u = 0x0c,
  kConst4s = 0x0d,
  kConst8u = 0x0e,
  kConst8s = 0x0f,
  kConstUnsigned = 0x10,
  kConstSigned = 0x11,
  kDuplicate = 0x12,
  kDrop = 0x13,
  kOver = 0x14,
  kPick = 0x15,
  kSwap = 0x16,
  kRotate = 0x17,
  kAbsoluteValue = 0x19,
  kAnd = 0x1a,
  kDivide = 0x1b,
  kMinus = 0x1c,
  kModulo = 0x1d,
  kMultiply = 0x1e,
  kNegate = 0x1f,
  kNot = 0x20,
  kOr = 0x21,
  kPlus = 0x22,
  kPlusConstant = 0x23,
  kShiftLeft = 0x24,
  kShiftRight = 0x25,
  kShiftRightArithmetic = 0x26,
  kXor = 0x27,
  kBranch = 0x28,
  kEqual = 0x29,
  kGreaterOrEqual = 0x2a,
  kGreater = 0x2b,
  kLessOrEqual = 0x2c,
  kLess = 0x2d,
  kNotEqual = 0x2e,
  kSkip = 0x2f,
  kLiteral0 = 0x30,
  kLiteral31 = 0x4f,
  kBaseRegister0 = 0x70,
  kBaseRegister31 = 0x8f,
  kBaseRegisterExtended = 0x92,
  kDereferenceSize = 0x94,
  kNop = 0x96,
};

class Evaluator {
 public:
  Evaluator(Cursor code, const FrameRegisters& frame, const StackMemory& memory)
      : begin_(code.at), code_(code), frame_(frame), memory_(memory) {}

  bool run(const uint64_t* initial, uint64_t& result) {
    if (code_.failed || (initial != nullptr && !push(*initial))) return false;
    for (uint32_t operations = 0; !code_.at_end(); ++operations) {
      if (operations == kMaxOperations) return false;
      const uint8_t operation = code_.fixed<uint8_t>();
      if (!step(operation) || code_.failed) return false;
    }
    return pop(result);
  }

 private:
  bool step(uint8_t operation) {
    if (operation >= kLiteral0 && operation <= kLiteral31) return push(operation - kLiteral0);
    if (operation >= kBaseRegister0 && operation <= kBaseRegister31) {
      return push_register(operation - kBaseRegister0);
    }
    switch (operation) {
      case kNop:
        return true;
      case kAddress:
      case kConst8u:
      case kConst8s:
        return push(code_.fixed<uint64_t>());
      case kConst1u:
        return push(code_.fixed<uint8_t>());
      case kConst1s:
        return push_signed(code_.fixed<int8_t>());
      case kConst2u:
        return push(code_.fixed<uint16_t>());
      case kConst2s:
        return push_signed(code_.fixed<int16_t>());
      case kConst4u:
        return push(code_.fixed<uint32_t>());
      case kConst4s:
        return push_signed(code_.fixed<int32_t>());
      case kConstUnsigned:
        return push(code_.uleb());
      case kConstSigned:
        return push_signed(code_.sleb());
      case kBaseRegisterExtended:
        return push_register(code_.uleb());
      case kDereference:
        return dereference(sizeof(uint64_t));
      case kDereferenceSize:
        return dereference(code_.fixed<uint8_t>());
      case kDuplicate:
        return pick(0);
      case kOver:
        return pick(1);
      case kPick:
        return pick(code_.fixed<uint8_t>());
      case kSkip:
        return branch(code_.fixed<int16_t>());
      case kBranch: {
        const int16_t distance = code_.fixed<int16_t>();
        uint64_t condition = 0;
        return pop(condition) && (condition == 0 || branch(distance));
      }
      case kDrop: {
        uint64_t dropped = 0;
        return pop(dropped);
      }
      case kSwap:
        return rotate(2);
      case kRotate:
        return rotate(3);
      case kAbsoluteValue:
      case kNegate:
      case kNot:
      case kPlusConstant:
        return unary(operation);
      default:
        return binary(operation);
    }
  }

  bool unary(uint8_t operation) {
    uint64_t a = 0;
    if (!pop(a)) return false;
    switch (operation) {
      case kAbsoluteValue:
        return push(static_cast<int64_t>(a) < 0 ? 0 - a : a);
      case kNegate:
        return push(0 - a);
      case kNot:
        return push(~a);
      default:
        return push(a + code_.uleb());
    }
  }

  bool binary(uint8_t operation) {
    uint64_t a = 0;
    uint64_t b = 0;
    if (!pop(b) || !pop(a)) return false;
    const int64_t sa = static_cast<int64_t>(a);
    const int64_t sb = static_cast<int64_t>(b);
    switch (operation) {
      case kAnd:
        return push(a & b);
      case kOr:
        return push(a | b);
      case kXor:
        return push(a ^ b);
      case kPlus:
        return push(a + b);
      case kMinus:
        return push(a - b);
      case kMultiply:
        return push(a * b);
      case kDivide:
        return b != 0 && push(b == ~uint64_t{0} ? 0 - a : static_cast<uint64_t>(sa / sb));
      case kModulo:
        return b != 0 && push(a % b);
      case kShiftLeft:
        return push(b < 64 ? a << b : 0);
      case kShiftRight:
        return push(b < 64 ? a >> b : 0);
      case kShiftRightArithmetic:
        return push_signed(sa >> (b < 64 ? b : 63));
      case kEqual:
        return push(sa == sb);
      case kNotEqual:
        return push(sa != sb);
      case kGreater:
        return push(sa > sb);
      case kGreaterOrEqual:
        return push(sa >= sb);
      case kLess:
        return push(sa < sb);
      case kLessOrEqual:
        return push(sa <= sb);
      default:
        return false;
    }
  }

  bool push(uint64_t value) {
    if (depth_ == kMaxDepth) return false;
    stack_[depth_++] = value;
    return true;
  }
  bool push_signed(int64_t value) { return push(static_cast<uint64_t>(value)); }
  bool pop(uint64_t& value) {
    if (depth_ == 0) return false;
    value = stack_[--depth_];
    return true;
  }
  bool pick(uint32_t index) { return index < depth_ && push(stack_[depth_ - 1 - index]); }

  // The top becomes the `count`-th, the others move up.
  bool rotate(uint32_t count) {
    if (depth_ < count) return false;
    const uint64_t top = stack_[depth_ - 1];
    for (uint32_t i = 1; i < count; ++i) stack_[depth_ - i] = stack_[depth_ - i - 1];
    stack_[depth_ - count] = top;
    return true;
  }

  bool push_register(uint64_t number) {
    const int64_t offset = code_.sleb();
    uint64_t value = 0;
    return frame_.get(number, value) && push(value + static_cast<uint64_t>(offset));
  }

  bool dereference(uint32_t size) {
    uint64_t address = 0;
    uint64_t value = 0;
    if (size == 0 || size > sizeof value || !pop(address)) return false;
    // Shorter values are the low bytes: both machines are little-endian.
    return memory_.reader(memory_.context, address, &value, size) && push(value);
  }

  bool branch(int16_t distance) {
    const ptrdiff_t target = code_.at - begin_ + distance;
    if (target < 0 || target > code_.end - begin_) return false;
    code_.at = begin_ + target;
    return true;
  }

  const unsigned char* begin_;
  Cursor code_;
  const FrameRegisters& frame_;
  const StackMemory& memory_;
  uint32_t depth_ = 0;
  uint64_t stack_[kMaxDepth];
};

}  // namespace

bool evaluate(Cursor expression, const uint64_t* initial, const FrameRegisters& frame,
              const StackMemory& memory, uint64_t& result) {
  return Evaluator(expression, frame, memory).run(initial, result);
}

}  // namespace gordian::hooks::cfi
