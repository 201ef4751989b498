#include "runtime-hooks/verbs.h"

#include "runtime-hooks/judge/judge.h"
#include "runtime-hooks/modules.h"

namespace gordian::hooks {

namespace {

// Stands in where a thread holds more than its record can: written, never read.
constinit thread_local Hold beyond __attribute__((tls_model("initial-exec"))) = {};

// What a release from the middle leaves behind. Not zero: a zero inside the depth is an entry that is being
// made right now.
constexpr uint64_t kHole = record::kSharedBit;
constexpr uint32_t kCapacity =
    record::kInlineHolds + record::kOverflowBlocksPerThread * record::kOverflowBlockHolds;

uint32_t depth_of(const ThreadRecord* self) {
  return record::progress_depth(self->progress);
}

bool has_attempt(const ThreadRecord* self) {
  for (uint32_t i = 0; i < depth_of(self); ++i) {
    const Hold* entry = entry_at(self, i);
    if (entry != nullptr && record::word_status(entry->word) == HoldStatus::kAttempting) return true;
  }
  return false;
}

// Attempts that a handler has jumped out of: the calls that made them lie below where we are.
void drop_abandoned_attempts(ThreadRecord* self) {
  const auto here = reinterpret_cast<uint64_t>(__builtin_frame_address(0));
  if (here < self->stack_low || here >= self->stack_high) return;  // on another stack nothing can be told
  for (uint32_t i = depth_of(self); i-- > 0;) {
    Hold* entry = entry_at(self, i);
    if (entry == nullptr || record::word_status(entry->word) != HoldStatus::kAttempting) continue;
    if (entry->stack_pointer < self->stack_low || entry->stack_pointer >= here) continue;
    __atomic_store_n(&entry->word, kHole, __ATOMIC_RELEASE);
    ++local.own->holes;
  }
}

// Closes the holes. Signals are blocked meanwhile, and the attempts count up, so that a reader takes its copy
// again.
void compact(ThreadRecord* self) {
  const uint64_t signals = kernel::block_signals();
  __atomic_store_n(&self->progress, self->progress + 0x10000, __ATOMIC_SEQ_CST);
  const uint32_t depth = depth_of(self);
  uint32_t kept = 0;
  for (uint32_t i = 0; i < depth; ++i) {
    Hold* from = entry_at(self, i);
    if (from == nullptr || from->word == kHole) continue;
    Hold* to = entry_at(self, kept++);
    if (to != from) {
      *to = *from;
      __atomic_store_n(&from->word, kHole, __ATOMIC_RELEASE);
    }
  }
  local.own->holes = 0;
  forget_keys_above(self, 0);
  __atomic_store_n(&self->progress, (self->progress & ~uint64_t{0xffff}) + 0x10000 + kept, __ATOMIC_SEQ_CST);
  kernel::restore_signals(signals);
}

bool add_overflow_block(ThreadRecord* self, uint32_t place) {
  CriticalSection section;
  auto& header = runtime.header();
  const uint32_t index = header.overflow_count;
  constexpr uint64_t kBlock = sizeof(Hold) * record::kOverflowBlockHolds;
  if (index >= record::kMaxOverflowBlocks) return false;
  if (!runtime.reserve(record::kOverflowOffset + index * kBlock,
                       record::kOverflowOffset + (index + 1) * kBlock))
    return false;
  header.overflow_count = index + 1;
  __atomic_store_n(&self->overflow_blocks[place], index + 1, __ATOMIC_RELEASE);
  return true;
}

}  // namespace

Hold* entry_at(const ThreadRecord* self, uint32_t index) {
  if (index < record::kInlineHolds) return const_cast<Hold*>(&self->holds[index]);
  const uint32_t place = (index - record::kInlineHolds) / record::kOverflowBlockHolds;
  if (place >= record::kOverflowBlocksPerThread || self->overflow_blocks[place] == 0) return nullptr;
  return runtime.overflow_block(self->overflow_blocks[place] - 1) +
         (index - record::kInlineHolds) % record::kOverflowBlockHolds;
}

const Hold* youngest(const ThreadRecord* self, uint64_t key) {
  for (uint32_t i = record::progress_depth(self->progress); i-- > 0;) {
    const Hold* entry = entry_at(self, i);
    if (entry != nullptr && entry->word >> 8 == key) return entry;
  }
  return nullptr;
}

Hold* begin_beyond_page(ThreadRecord* self) {
  // Looked for where more room would have to be taken, not at every lock of a thread that holds many.
  const uint32_t reached = depth_of(self);
  const bool at_an_edge =
      reached >= record::kInlineHolds && (reached - record::kInlineHolds) % record::kOverflowBlockHolds == 0;
  if (at_an_edge) drop_abandoned_attempts(self);
  if (local.own->holes > 0 && !has_attempt(self)) compact(self);
  const uint32_t depth = depth_of(self);
  const uint32_t place =
      depth < record::kInlineHolds ? 0 : (depth - record::kInlineHolds) / record::kOverflowBlockHolds;
  const bool has_room =
      depth < record::kInlineHolds ||
      (depth < kCapacity && (self->overflow_blocks[place] != 0 || add_overflow_block(self, place)));
  if (!has_room) {
    runtime.count(Unseen::kHolds);
    __atomic_store_n(&self->progress, self->progress + 0x10000, __ATOMIC_RELEASE);
    return &beyond;
  }
  Hold* entry = entry_at(self, depth);
  __atomic_store_n(&entry->word, 0, __ATOMIC_RELAXED);
  __atomic_store_n(&self->progress, self->progress + 0x10001, __ATOMIC_RELEASE);
  return entry;
}

void trim(ThreadRecord* self) {
  uint32_t depth = depth_of(self);
  while (depth > 0) {
    Hold* top = entry_at(self, depth - 1);
    if (top == nullptr || top->word != kHole) break;
    __atomic_store_n(&top->word, 0, __ATOMIC_RELAXED);
    if (local.own->holes > 0) --local.own->holes;
    --depth;
  }
  __atomic_store_n(&self->progress, (self->progress & ~uint64_t{0xffff}) | depth, __ATOMIC_RELEASE);
}

void remove_entry(ThreadRecord* self, uint32_t index) {
  Hold* entry = entry_at(self, index);
  if (index + 1 == depth_of(self)) {
    __atomic_store_n(&entry->word, 0, __ATOMIC_RELEASE);
    __atomic_store_n(&self->progress, self->progress - 1, __ATOMIC_RELEASE);
    trim(self);
  } else {
    __atomic_store_n(&entry->word, kHole, __ATOMIC_RELEASE);
    ++local.own->holes;
    forget_keys_above(self, index);
  }
}

bool release_deeper(ThreadRecord* self, uint64_t key) {
  for (uint32_t i = depth_of(self); i-- > 0;) {
    const Hold* entry = entry_at(self, i);
    if (entry == nullptr || entry->word >> 8 != key) continue;
    remove_entry(self, i);
    return true;
  }
  return false;
}

void read_callers(const ThreadRecord* self, Hold* entry, uint64_t stack_pointer, uint64_t frame_pointer) {
  // Only words of this thread's own stack are read: they are mapped, whatever the frame pointer really is.
  if (stack_pointer < self->stack_low || stack_pointer >= self->stack_high) return;
  uint64_t frame = frame_pointer;
  uint64_t below = stack_pointer;
  uint32_t count = 0;
  while (count < 3) {
    if (frame % 8 != 0 || frame < below || frame - below > 65536 || frame + 16 > self->stack_high) break;
    const auto* words = reinterpret_cast<const uint64_t*>(frame);
    entry->callers[count++] = words[1];
    below = frame + 16;
    frame = words[0];
  }
  entry->caller_frame = frame;
  entry->caller_count = count;
}

void drop_attempts(ThreadRecord* self) {
  const uint64_t signals = kernel::block_signals();
  for (uint32_t i = depth_of(self); i-- > 0;) {
    const Hold* entry = entry_at(self, i);
    if (entry != nullptr && record::word_status(entry->word) == HoldStatus::kAttempting)
      remove_entry(self, i);
  }
  kernel::restore_signals(signals);
}

void drop_entries_without_owner(ThreadRecord* self) {
  for (uint32_t i = depth_of(self); i-- > 0;) {
    const Hold* entry = entry_at(self, i);
    if (entry == nullptr) continue;
    const uint64_t word = entry->word;
    const auto kind = record::word_kind(word);
    const auto* resource = resources.find(kind, record::word_address(word));
    const bool ended = resource != nullptr && (resource->flags & record::kResourceEnded) != 0;
    const bool signal =
        kind == ResourceKind::kSemaphore &&
        (resource == nullptr || resource->usage == static_cast<uint8_t>(record::Usage::kSignal) ||
         entry->generation != resource->generation);
    if (record::word_status(word) != HoldStatus::kHeld || ended || signal) release_deeper(self, word >> 8);
  }
}

void drop_shared_entries(ThreadRecord* self) {
  for (uint32_t i = depth_of(self); i-- > 0;) {
    const Hold* entry = entry_at(self, i);
    if (entry != nullptr && record::word_status(entry->word) == HoldStatus::kHeld &&
        in_shared_mapping(record::word_address(entry->word)))
      release_deeper(self, entry->word >> 8);
  }
}

void about_to_wait(ThreadRecord* self, const Registers& registers, const WaitDetail& detail) {
  const uint32_t depth = depth_of(self);
  const Hold* entry = depth > 0 ? entry_at(self, depth - 1) : nullptr;
  self->wait_since_ns = coarse_now_ns();
  self->wait_second = detail.second;
  self->wait_signals = detail.signals;
  registers.pack(self->registers);
  __atomic_store_n(&self->wait_attempt, record::progress_attempts(self->progress), __ATOMIC_RELEASE);
  // What we are about to block on must be visible before we look at what others block on: of two threads that
  // close a cycle at once, one then sees the other.
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  if (entry == nullptr) return;
  const uint64_t word = entry->word;
  const bool alone = runtime.live_threads.load(std::memory_order_relaxed) == 1;
  const bool owned = has_single_owner(record::word_kind(word));
  // Who holds nothing cannot close a cycle; but alone it can only wait for somebody who is gone.
  if ((word & record::kTimedBit) != 0)
    poke_judge();
  else if (owned && (depth > 1 || alone))
    judge_if_cycle_closes(self);
  else if (alone)
    judge_if_alone(self);
  else
    poke_judge();
}

}  // namespace gordian::hooks
