#include "analyzer/capture/python_layout.h"

#include <array>
#include <cstring>

#include "analyzer/capture/python_memory.h"

namespace gordian::capture {
namespace {

constexpr PythonLayout kPython311 = {
    .first_interpreter = 40,
    .next_interpreter = 0,
    .first_thread = 16,
    .next_thread = 8,
    .thread_id = 152,
    .native_thread_id = 160,
    .current_frame = 56,
    .current_frame_is_in_cframe = true,
    .cframe_current_frame = 8,
    .frame_code = 32,
    .frame_previous = 48,
    .frame_instruction = 56,
    .frame_owner = 69,
    .frame_slots = 72,
    .code_file_name = 112,
    .code_qualified_name = 128,
    .code_line_table = 136,
    .code_first_line = 72,
    .code_first_traceable = 168,
    .code_instructions = 184,
    .code_exception_table = 40,
    .code_local_count = 76,
    .code_stack_size = 68,
    .gil = 360,
    .gil_is_of_interpreter = false,
    .object_type = 8,
    .type_name = 24,
    .text_length = 16,
    .text_state = 32,
    .ascii_text_size = 48,
    .compact_text_size = 72,
    .bytes_length = 16,
    .bytes_data = 32,
};

constexpr PythonLayout kPython312 = {
    .first_interpreter = 40,
    .next_interpreter = 0,
    .first_thread = 72,
    .next_thread = 8,
    .thread_id = 136,
    .native_thread_id = 144,
    .current_frame = 56,
    .current_frame_is_in_cframe = true,
    .cframe_current_frame = 0,
    .frame_code = 0,
    .frame_previous = 8,
    .frame_instruction = 56,
    .frame_owner = 70,
    .frame_slots = 72,
    .code_file_name = 112,
    .code_qualified_name = 128,
    .code_line_table = 136,
    .code_first_line = 68,
    .code_first_traceable = 176,
    .code_instructions = 192,
    .code_exception_table = 40,
    .code_local_count = 72,
    .code_stack_size = 64,
    .gil = 384,
    .gil_is_of_interpreter = true,
    .object_type = 8,
    .type_name = 24,
    .text_length = 16,
    .text_state = 32,
    .ascii_text_size = 40,
    .compact_text_size = 56,
    .bytes_length = 16,
    .bytes_data = 32,
};

// _Py_DebugOffsets of 3.13 as an array of 64-bit words; the numbers are the fields' indices. Later versions
// have other fields, which is why the version is checked first.
enum DebugOffset : size_t {
  kFreeThreaded = 2,
  kFirstInterpreter = 5,
  kNextInterpreter = 8,
  kFirstThread = 9,
  kGil = 14,
  kNextThread = 21,
  kCurrentFrame = 23,
  kThreadId = 24,
  kNativeThreadId = 25,
  kFramePrevious = 29,
  kFrameCode = 30,
  kFrameInstruction = 31,
  kFrameSlots = 32,
  kFrameOwner = 33,
  kCodeFileName = 35,
  kCodeQualifiedName = 37,
  kCodeLineTable = 38,
  kCodeFirstLine = 39,
  kCodeInstructions = 43,
  kObjectType = 45,
  kTypeName = 47,
  kBytesLength = 65,
  kBytesData = 66,
  kTextState = 68,
  kTextLength = 69,
  kAsciiTextSize = 70,
  kDebugOffsetCount = 71,
};

// An index and a pointer stand between _co_firsttraceable and the instructions in 3.11 to 3.13.
constexpr uint64_t kTraceableBeforeInstructions = 16;
// utf8_length and utf8, which PyCompactUnicodeObject has and PyASCIIObject has not.
constexpr uint64_t kCompactMoreThanAscii = 16;
// Of the code object, what it does not describe.
constexpr uint64_t k313ExceptionTable = 40;
constexpr uint64_t k313LocalCount = 72;
constexpr uint64_t k313StackSize = 64;
constexpr uint64_t kLargestOffset = 1 << 20;

std::optional<PythonLayout> self_described(uint64_t runtime, PythonMemory& memory, std::string* reason) {
  std::array<uint64_t, kDebugOffsetCount> words{};
  if (!memory.read(runtime, words.data(), sizeof words) || std::memcmp(words.data(), "xdebugpy", 8) != 0) {
    *reason = "this CPython does not describe its structures (_Py_DebugOffsets is not where it should be)";
    return std::nullopt;
  }
  if (words[kFreeThreaded] != 0) {
    *reason = "frames of a free-threaded CPython are not read";
    return std::nullopt;
  }
  for (size_t i = kFirstInterpreter; i < words.size(); ++i) {
    if (words[i] <= kLargestOffset) continue;
    *reason = "this CPython describes its structures with offsets that cannot be right";
    return std::nullopt;
  }
  return PythonLayout{
      .first_interpreter = words[kFirstInterpreter],
      .next_interpreter = words[kNextInterpreter],
      .first_thread = words[kFirstThread],
      .next_thread = words[kNextThread],
      .thread_id = words[kThreadId],
      .native_thread_id = words[kNativeThreadId],
      .current_frame = words[kCurrentFrame],
      .current_frame_is_in_cframe = false,
      .cframe_current_frame = 0,
      .frame_code = words[kFrameCode],
      .frame_previous = words[kFramePrevious],
      .frame_instruction = words[kFrameInstruction],
      .frame_owner = words[kFrameOwner],
      .frame_slots = words[kFrameSlots],
      .code_file_name = words[kCodeFileName],
      .code_qualified_name = words[kCodeQualifiedName],
      .code_line_table = words[kCodeLineTable],
      .code_first_line = words[kCodeFirstLine],
      .code_first_traceable = words[kCodeInstructions] - kTraceableBeforeInstructions,
      .code_instructions = words[kCodeInstructions],
      .code_exception_table = k313ExceptionTable,
      .code_local_count = k313LocalCount,
      .code_stack_size = k313StackSize,
      .gil = words[kGil],
      .gil_is_of_interpreter = true,
      .object_type = words[kObjectType],
      .type_name = words[kTypeName],
      .text_length = words[kTextLength],
      .text_state = words[kTextState],
      .ascii_text_size = words[kAsciiTextSize],
      .compact_text_size = words[kAsciiTextSize] + kCompactMoreThanAscii,
      .bytes_length = words[kBytesLength],
      .bytes_data = words[kBytesData],
  };
}

}  // namespace

std::optional<PythonLayout> python_layout(uint32_t version, uint64_t runtime, PythonMemory& memory,
                                          std::string* reason) {
  switch (version >> 16) {
    case 0x030b:
      return kPython311;
    case 0x030c:
      return kPython312;
    case 0x030d:
      return self_described(runtime, memory, reason);
    default:
      *reason =
          "CPython " + python_version_text(version) + ": Python frames are read from 3.11, 3.12 and 3.13";
      return std::nullopt;
  }
}

std::string python_version_text(uint32_t version) {
  return std::to_string(version >> 24) + "." + std::to_string(version >> 16 & 0xff);
}

}  // namespace gordian::capture
