#include "analyzer/capture/python_stack.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "analyzer/capture/python_lines.h"

namespace gordian::capture {
namespace {

constexpr size_t kMostPythonFrames = 10'000;
constexpr int kMostAttempts = 5;
constexpr uint64_t kCodeUnit = 2;  // bytes
constexpr uint32_t kMostSlots = 1 << 16;

// _PyInterpreterFrame::owner
constexpr uint8_t kOwnedByGenerator = 1;
constexpr uint8_t kOwnedByNativeStack = 3;  // from 3.12: the entry from C, not a Python function

}  // namespace

std::optional<uint64_t> PythonStackReader::innermost_frame(uint64_t thread) {
  auto frame = memory_.value<uint64_t>(thread + layout_.current_frame);
  if (frame && layout_.current_frame_is_in_cframe) {
    frame = memory_.value<uint64_t>(*frame + layout_.cframe_current_frame);
  }
  return frame;
}

std::optional<std::vector<PythonFrame>> PythonStackReader::frames_of(uint64_t thread) {
  // The thread is not stopped. A stack is taken when the innermost frame was the same before and after the
  // walk; a thread that waits for a lock passes at the first attempt.
  for (int attempt = 0; attempt < kMostAttempts; ++attempt) {
    const std::optional<uint64_t> before = innermost_frame(thread);
    if (!before) return std::nullopt;
    std::optional<std::vector<PythonFrame>> frames = walk(*before);
    if (frames && innermost_frame(thread) == before) return frames;
  }
  return std::nullopt;
}

std::optional<finding::Stack> PythonStackReader::stack_of(uint64_t thread) {
  const std::optional<std::vector<PythonFrame>> frames = frames_of(thread);
  if (!frames) return std::nullopt;
  return shown(*frames);
}

std::optional<std::vector<PythonFrame>> PythonStackReader::walk(uint64_t frame) {
  std::vector<PythonFrame> frames;
  std::set<uint64_t> seen;
  while (frame != 0) {
    if (!seen.insert(frame).second) return std::nullopt;  // a loop: torn
    if (seen.size() > kMostPythonFrames) {
      frames.emplace_back();
      return frames;
    }
    if (!add(frame, frames)) return std::nullopt;
    const auto previous = memory_.value<uint64_t>(frame + layout_.frame_previous);
    if (!previous) return std::nullopt;
    frame = *previous;
  }
  return frames;
}

// Adds nothing, and succeeds, for a frame that is no function that runs: not set up yet, or the entry from C.
bool PythonStackReader::add(uint64_t frame, std::vector<PythonFrame>& frames) {
  const auto owner = memory_.value<uint8_t>(frame + layout_.frame_owner);
  if (!owner) return false;
  if (*owner == kOwnedByNativeStack) return true;
  const auto code_address = memory_.value<uint64_t>(frame + layout_.frame_code);
  const auto instruction = memory_.value<uint64_t>(frame + layout_.frame_instruction);
  if (!code_address || !instruction) return false;
  const PythonCode* code = code_at(*code_address);
  if (code == nullptr) return false;
  const auto distance = static_cast<int64_t>(*instruction - (*code_address + layout_.code_instructions));
  const int64_t index = distance < 0 ? -1 : distance / static_cast<int64_t>(kCodeUnit);
  if (*owner == kOwnedByGenerator || index >= code->first_traceable) frames.push_back({frame, index, code});
  return true;
}

const PythonCode* PythonStackReader::code_at(uint64_t address) {
  const auto known = codes_.find(address);
  if (known != codes_.end()) return &known->second;
  if (!memory_.is_of_type(layout_, address, "code")) return nullptr;
  const auto file = memory_.value<uint64_t>(address + layout_.code_file_name);
  const auto name = memory_.value<uint64_t>(address + layout_.code_qualified_name);
  const auto lines = memory_.value<uint64_t>(address + layout_.code_line_table);
  const auto first_line = memory_.value<int32_t>(address + layout_.code_first_line);
  const auto first_traceable = memory_.value<int32_t>(address + layout_.code_first_traceable);
  const auto exceptions = memory_.value<uint64_t>(address + layout_.code_exception_table);
  const auto local_count = memory_.value<uint32_t>(address + layout_.code_local_count);
  const auto stack_size = memory_.value<uint32_t>(address + layout_.code_stack_size);
  if (!file || !name || !lines || !first_line || !first_traceable) return nullptr;
  const auto file_text = memory_.text(layout_, *file);
  const auto name_text = memory_.text(layout_, *name);
  auto table = memory_.bytes(layout_, *lines);
  if (!file_text || !name_text || !table) return nullptr;
  PythonCode code;
  code.frame.function = *name_text;
  code.frame.file = *file_text;
  code.frame.language = "python";
  code.first_line = *first_line;
  code.first_traceable = *first_traceable;
  code.lines = std::move(*table);
  code.local_count = std::min(local_count.value_or(0), kMostSlots);
  code.stack_size = std::min(stack_size.value_or(0), kMostSlots);
  if (exceptions)
    code.handlers = python_handlers(memory_.bytes(layout_, *exceptions).value_or(std::vector<uint8_t>()));
  return &codes_.emplace(address, std::move(code)).first->second;
}

finding::Frame PythonCode::at(int64_t instruction) const {
  finding::Frame found = frame;
  if (const auto position = python_position(lines, first_line, instruction)) {
    found.line = position->line;
    found.column = position->column;
  }
  return found;
}

finding::Stack shown(const std::vector<PythonFrame>& frames) {
  finding::Stack stack;
  for (const PythonFrame& frame : frames) {
    if (frame.code != nullptr) {
      stack.push_back(frame.code->at(frame.instruction));
      continue;
    }
    finding::Frame& rest = stack.emplace_back();
    rest.function =
        "(more than " + std::to_string(kMostPythonFrames) + " frames; the outer ones are left out)";
    rest.language = "python";
  }
  return stack;
}

}  // namespace gordian::capture
