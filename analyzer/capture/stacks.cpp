// The stack grows down. Frame i of a waiting stack spans [CFA of frame i-1, CFA of frame i): its lower end is
// the stack pointer at its present call, its upper end the stack pointer of its caller at the call into it.
// With a frame pointer, that register holds CFA - 16: above it lie the saved frame pointer and the return
// address. An acquisition tells either the frame pointer of the outermost caller that was walked, or the
// stack pointer of the acquiring function at the call; both find the same frame again for as long as it
// lives.
#include "analyzer/capture/stacks.h"

#include <algorithm>

#include "analyzer/capture/function_names.h"

namespace gordian::capture {
namespace {

constexpr size_t kNotFound = SIZE_MAX;
constexpr uint64_t kFramePointerToCfa =
    16;  // x86-64 and AArch64 alike: saved frame pointer and return address

bool is_ours(const finding::Frame& frame) {
  return is_hooks_library(frame.module);
}

}  // namespace

struct Stacks::Waiting {
  std::span<const record::Frame> frames;
};

Stacks::Waiting Stacks::waiting_frames(const record::ThreadEntry& entry) {
  const record::ThreadRecord& thread = entry.thread;
  const bool current = thread.frames_attempt == record::progress_attempts(thread.progress) && !entry.torn;
  if (!current || thread.frame_count == 0) return {};
  return {{thread.frames, std::min(thread.frame_count, record::kMaxFrames)}};
}

void Stacks::append(finding::Stack& stack, uint64_t address, bool is_return_address) {
  if (address == 0) return;
  for (const finding::Frame& frame : names_.resolve(address, is_return_address)) {
    if (stack.size() >= depth_) return;
    if (!is_ours(frame)) stack.push_back(frame);
  }
}

void Stacks::append_from(finding::Stack& stack, const Waiting& waiting, size_t first) {
  for (size_t i = first; i < waiting.frames.size() && stack.size() < depth_; ++i) {
    append(stack, waiting.frames[i].address, i != 0);
  }
}

finding::Stack Stacks::at(uint64_t return_address) {
  finding::Stack stack;
  append(stack, return_address, true);
  return stack;
}

finding::Stack Stacks::waiting(const record::ThreadEntry& thread) {
  finding::Stack stack;
  const Waiting waiting = waiting_frames(thread);
  append_from(stack, waiting, 0);
  if (!stack.empty() || thread.entries.empty()) return stack;

  const record::Hold& top = thread.entries.back();
  if (record::word_status(top.word) != record::HoldStatus::kAttempting) return stack;
  append(stack, top.site, true);
  for (const uint64_t caller : callers_of(top)) append(stack, caller, true);
  return stack;
}

finding::Stack Stacks::call(std::span<const record::Frame> frames) {
  finding::Stack stack;
  append_from(stack, {frames}, 0);
  return stack;
}

finding::Stack Stacks::acquired(const record::ThreadEntry& thread, uint32_t depth_of_entry) {
  if (depth_of_entry >= thread.entries.size()) return {};
  return acquired(thread.entries[depth_of_entry], waiting_frames(thread).frames);
}

finding::Stack Stacks::acquired(const record::Hold& entry, std::span<const record::Frame> frames) {
  finding::Stack stack;
  append(stack, entry.site, true);
  const std::vector<uint64_t> callers = callers_of(entry);
  const Waiting waiting{frames};
  // While the acquiring frame is still there, so are its callers, and the waiting stack knows them better
  // than the chain: code without frame pointers is missing from that. A caller that is not among them belongs
  // to an earlier call of the same function.
  const size_t above_site = frames_above_site(entry, waiting);
  if (above_site != kNotFound && (callers.empty() || is_among(waiting, above_site, callers.front()))) {
    append_from(stack, waiting, above_site);
    return stack;
  }
  for (const uint64_t caller : callers) append(stack, caller, true);
  const size_t above = frames_above_callers(entry, callers, waiting);
  if (above != kNotFound) append_from(stack, waiting, above);
  return stack;
}

bool Stacks::is_among(const Waiting& waiting, size_t first, uint64_t return_address) {
  return std::any_of(waiting.frames.begin() + static_cast<ptrdiff_t>(first), waiting.frames.end(),
                     [&](const record::Frame& frame) { return frame.address == return_address; });
}

// The frame-pointer chain is a guess until each address on it is seen to follow a call.
std::vector<uint64_t> Stacks::callers_of(const record::Hold& entry) {
  std::vector<uint64_t> callers;
  for (uint64_t i = 0; i < std::min<uint64_t>(entry.caller_count, std::size(entry.callers)); ++i) {
    if (entry.callers[i] == 0 || !names_.is_after_call(entry.callers[i])) break;
    callers.push_back(entry.callers[i]);
  }
  return callers;
}

size_t Stacks::frames_above_callers(const record::Hold& entry, const std::vector<uint64_t>& callers,
                                    const Waiting& waiting) {
  // With fewer callers than were walked, the frame pointer is that of a frame we do not believe in.
  if (callers.empty() || callers.size() != entry.caller_count) return kNotFound;
  for (size_t i = 1; i < waiting.frames.size(); ++i) {
    if (waiting.frames[i].canonical_frame_address != entry.caller_frame + kFramePointerToCfa) continue;
    return same_function(callers.back(), waiting, i) ? i + 1 : kNotFound;
  }
  return kNotFound;
}

size_t Stacks::frames_above_site(const record::Hold& entry, const Waiting& waiting) {
  if (entry.site == 0) return kNotFound;
  for (size_t i = 1; i < waiting.frames.size(); ++i) {
    const uint64_t low = waiting.frames[i - 1].canonical_frame_address;
    const uint64_t high = waiting.frames[i].canonical_frame_address;
    if (entry.stack_pointer < low || entry.stack_pointer >= high) continue;
    return same_function(entry.site, waiting, i) ? i + 1 : kNotFound;
  }
  return kNotFound;
}

// Whether both return addresses lie in one function of the machine code; what is inlined into it does not
// count.
bool Stacks::same_function(uint64_t return_address, const Waiting& waiting, size_t frame) {
  const finding::Frame one = names_.resolve(return_address, true).back();
  const finding::Frame other = names_.resolve(waiting.frames[frame].address, true).back();
  return !one.function.empty() && one.function == other.function && one.module == other.module;
}

}  // namespace gordian::capture
