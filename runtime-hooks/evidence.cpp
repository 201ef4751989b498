#include "runtime-hooks/evidence.h"

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/unwind.h"

namespace gordian::hooks {

using record::Evidence;
using record::Frame;

namespace {

constexpr uint32_t kUnit = 16;
constexpr uint32_t kTable = 1u << 14;
constexpr uint32_t kProbes = 8;
constexpr uint64_t kStep = 64u << 10;  // reserved at a time
constexpr uint64_t kStackForWalk = 4096;
constexpr uint32_t kMostWalks = 1u << 16;  // half a second in the life of a process
static_assert(sizeof(Evidence) == kUnit && sizeof(Frame) == kUnit && sizeof(Hold) % kUnit == 0);

// What is about to be kept.
struct Draft {
  Frame frames[record::kMaxFrames];
  uint32_t frame_count;
  const Hold* holds;
  uint32_t hold_count;
  uint64_t hash;
};

// Inside a CriticalSection. The draft is here and not on the stack, which may be that of a signal handler.
struct EvidenceState {
  uint64_t reserved;  // bytes of the area
  uint32_t walks;     // stacks walked so far
  Draft draft;
  ForeignStack foreign;    // for a stack whose bounds are not known
  uint32_t table[kTable];  // by hash: place; what does not fit is forgotten, and then kept twice
};
constinit EvidenceState state{};

// Where the acquisition was made, as seen from the call: the same in every thread that comes the same way.
uint64_t distance(const Hold& hold, const Frame* frames) {
  return hold.stack_pointer - frames[0].canonical_frame_address;
}

uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ hash >> 32;
}

uint64_t hash_of(const Draft& draft) {
  uint64_t hash = uint64_t{draft.frame_count} << 32 | draft.hold_count;
  for (uint32_t i = 0; i < draft.frame_count; ++i) hash = mix(hash, draft.frames[i].address);
  for (uint32_t i = 0; i < draft.hold_count; ++i) {
    hash = mix(hash, draft.holds[i].site);
    hash = mix(hash, distance(draft.holds[i], draft.frames));
  }
  return hash;
}

Evidence& evidence_at(uint32_t place) {
  auto* area = reinterpret_cast<unsigned char*>(&runtime.header()) + record::kEvidenceOffset;
  return *reinterpret_cast<Evidence*>(area + uint64_t{place - 1} * kUnit);
}

bool same_hold(const Hold& a, const Frame* a_frames, const Hold& b, const Frame* b_frames) {
  if (a.site != b.site || a.caller_count != b.caller_count || distance(a, a_frames) != distance(b, b_frames))
    return false;
  for (uint32_t i = 0; i < a.caller_count && i < 3; ++i)
    if (a.callers[i] != b.callers[i]) return false;
  return true;
}

bool same(const Draft& draft, const Evidence& kept) {
  if (kept.hash != draft.hash || kept.frame_count != draft.frame_count || kept.hold_count != draft.hold_count)
    return false;
  const auto* frames = reinterpret_cast<const Frame*>(&kept + 1);
  const auto* holds = reinterpret_cast<const Hold*>(frames + kept.frame_count);
  for (uint32_t i = 0; i < draft.frame_count; ++i)
    if (frames[i].address != draft.frames[i].address) return false;
  for (uint32_t i = 0; i < draft.hold_count; ++i)
    if (!same_hold(draft.holds[i], draft.frames, holds[i], frames)) return false;
  return true;
}

// Appends to the area; 0 when it is full.
uint32_t append(const Draft& draft) {
  auto& header = runtime.header();
  const uint64_t begin = header.evidence_bytes;
  const uint64_t size =
      sizeof(Evidence) + draft.frame_count * sizeof(Frame) + draft.hold_count * sizeof(Hold);
  if (begin + size > record::kMaxEvidenceBytes) return 0;
  while (begin + size > state.reserved) {
    const uint64_t at = record::kEvidenceOffset + state.reserved;
    if (!runtime.reserve(at, at + kStep)) return 0;
    state.reserved += kStep;
  }
  const auto place = static_cast<uint32_t>(begin / kUnit) + 1;
  Evidence& kept = evidence_at(place);
  kept = {draft.hash, draft.frame_count, draft.hold_count};
  auto* frames = reinterpret_cast<Frame*>(&kept + 1);
  for (uint32_t i = 0; i < draft.frame_count; ++i) frames[i] = draft.frames[i];
  auto* holds = reinterpret_cast<Hold*>(frames + draft.frame_count);
  for (uint32_t i = 0; i < draft.hold_count; ++i) holds[i] = draft.holds[i];
  __atomic_store_n(&header.evidence_bytes, static_cast<uint32_t>(begin + size), __ATOMIC_RELEASE);
  return place;
}

uint32_t find_or_append(const Draft& draft) {
  const auto home = static_cast<uint32_t>(draft.hash);
  for (uint32_t i = 0; i < kProbes; ++i) {
    uint32_t& place = state.table[(home + i) % kTable];
    if (place == 0) return place = append(draft);
    if (same(draft, evidence_at(place))) return place;
  }
  return state.table[home % kTable] = append(draft);
}

uint32_t frames_wanted() {
  const uint32_t depth = runtime.options().stack_depth;
  return depth < record::kMaxFrames ? depth : record::kMaxFrames;
}

// Whether a handler's own stack has no room for a walk.
bool is_on_small_stack(uint64_t stack_pointer) {
  stack_t alternate{};
  if (raw_syscall(SYS_sigaltstack, 0, reinterpret_cast<long>(&alternate)) != 0) return false;
  if ((alternate.ss_flags & SS_ONSTACK) == 0) return false;
  return stack_pointer - reinterpret_cast<uint64_t>(alternate.ss_sp) < kStackForWalk;
}

// Empty where the walk cannot be made.
uint32_t walk(const ThreadRecord* self, const Registers& registers, Frame* frames) {
  const uint64_t stack_pointer = registers.value[Registers::kStackPointer];
  if (stack_pointer >= self->stack_low && stack_pointer < self->stack_high) {
    OwnStack stack{self->stack_low, self->stack_high};
    return unwind(registers, &OwnStack::read, &stack, frames, frames_wanted()).count;
  }
  // A thread that somebody else made, a coroutine, a signal handler with a stack of its own: the kernel reads
  // what may not be there.
  if (is_on_small_stack(stack_pointer)) return 0;
  state.foreign.valid = false;
  return unwind(registers, &ForeignStack::read, &state.foreign, frames, frames_wanted()).count;
}

}  // namespace

uint32_t keep_evidence(const ThreadRecord* self, const Registers& registers, const Hold* holds,
                       uint32_t hold_count) {
  if (state.walks >= kMostWalks) {
    runtime.count(Unseen::kEvidence);
    return 0;
  }
  CriticalSection section;
  ++state.walks;
  Draft& draft = state.draft;
  draft.holds = holds;
  draft.hold_count = hold_count < record::kMaxEvidenceHolds ? hold_count : record::kMaxEvidenceHolds;
  draft.frame_count = walk(self, registers, draft.frames);
  draft.hash = hash_of(draft);
  const uint32_t place = draft.frame_count == 0 ? 0 : find_or_append(draft);
  if (place == 0) runtime.count(Unseen::kEvidence);
  return place;
}

void evidence_after_fork() {
  if (state.reserved != 0)
    for (uint32_t& place : state.table) place = 0;
  state.reserved = 0;
  state.walks = 0;
  if (runtime.ready()) runtime.header().evidence_bytes = 0;
}

}  // namespace gordian::hooks
