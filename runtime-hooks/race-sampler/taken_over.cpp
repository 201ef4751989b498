#include "runtime-hooks/race-sampler/taken_over.h"

#include "runtime-hooks/trace.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

namespace races {

constinit uint64_t given_back[kLockPlaces] = {};

namespace {

// Neighbours in one line of the cache would slow each other down.
struct alignas(64) TakenOver {
  uint64_t at_ns;
};
constinit TakenOver taken_over[record::kMaxThreads] = {};

constexpr uint64_t kUnknown = UINT32_MAX;

// The coarse clock is behind by a tick at most, and a fifth as dear.
constexpr uint64_t kCoarse = 12'000'000;

void gave_back(uint64_t key, uint64_t who) {
  const LockPlace place = lock_place(key);
  const uint64_t before = __atomic_load_n(place.word, __ATOMIC_RELAXED);
  const uint64_t word = place.tag | who;
  const bool is_mine = before == 0 || before >> 32 == word >> 32;
  if (before != word) __atomic_store_n(place.word, is_mine ? word : kUnknown, __ATOMIC_RELAXED);
}

bool is_left_by_another(uint64_t key, uint32_t serial) {
  const LockPlace place = lock_place(key);
  const uint64_t word = __atomic_load_n(place.word, __ATOMIC_RELAXED);
  return word != 0 && word != (place.tag | serial);
}

constexpr bool has_one_owner(ResourceKind kind) {
  return kind == ResourceKind::kMutex || kind == ResourceKind::kSpin || kind == ResourceKind::kStdioFile;
}

void gave_back(const Hold* entry) {
  const uint64_t word = entry->word;
  if (record::word_status(word) == HoldStatus::kHeld && has_one_owner(record::word_kind(word)))
    gave_back(word >> 8, local.record->serial);
}

}  // namespace

void took_over() {
  if (const ThreadRecord* self = local.record)
    __atomic_store_n(&taken_over[runtime.slot_of(self)].at_ns, coarse_now_ns() + kCoarse, __ATOMIC_RELEASE);
}

uint64_t taken_over_at(const ThreadRecord& thread) {
  return __atomic_load_n(&taken_over[runtime.slot_of(&thread)].at_ns, __ATOMIC_ACQUIRE);
}

}  // namespace races

namespace to_sampler {

void acquired(const Hold* entry) {
  const uint64_t word = entry->word;
  const ThreadRecord* self = local.record;
  if (self == nullptr) return;
  if (!races::has_one_owner(record::word_kind(word)) || races::is_left_by_another(word >> 8, self->serial))
    races::took_over();
}

void releases(const Hold* entry) {
  if (local.record != nullptr) races::gave_back(entry);
}

void gives_back(const ThreadRecord* self, uint64_t address, ResourceKind kind) {
  if (!races::has_one_owner(kind)) return;
  const uint64_t key = address << 8 | static_cast<uint64_t>(kind);
  for (uint32_t i = record::progress_depth(self->progress); i-- > 0;) {
    const Hold* entry = entry_at(self, i);
    if (entry != nullptr && entry->word >> 8 == key) return races::gave_back(entry);
  }
}

void released_without_holding(ResourceKind kind, uint64_t address) {
  races::gave_back(address << 8 | static_cast<uint64_t>(kind), races::kUnknown);
}

// A wake, a thread's end that was waited for; a failed try, too, tells that another thread has it.
void took_over() {
  races::took_over();
}

}  // namespace to_sampler
}  // namespace gordian::hooks
