#include "runtime-hooks/race-runtime/heap.h"

#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/lifetime.h"
#include "runtime-hooks/race-runtime/program_site.h"
#include "runtime-hooks/race-runtime/sync.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks::races {

namespace {

constexpr uint64_t kMostSize = (uint64_t{1} << 30) - 1;
constexpr uint64_t kSearched = 1u << 22;  // bytes of the program's memory
constexpr uint64_t kMarked = 4096;        // of a freed block: beyond, nothing is remembered

Entry note_of_size(uint64_t size, uint32_t context) {
  const uint64_t told = size < kMostSize ? size : kMostSize;
  return told >> 8 << kClockShift | uint64_t{kBlockSlot} << kSlotShift | (told & 0xff) << kContextBits |
         context;
}
Entry note_of_thread(uint32_t serial) {
  return uint64_t{kBlockSlot} << kSlotShift | (serial & ((1u << kSlotShift) - 1));
}
// The cell's first access.
bool begin_cell(Entry* cell, Entry key, uint64_t pc, Manner manner) {
  hot.used = true;
  Entry empty = 0;
  return __atomic_compare_exchange_n(cell, &empty, key | context_at(*hot.thread, pc, manner), false,
                                     __ATOMIC_SEQ_CST, __ATOMIC_RELAXED) &&
         load(cell + 1) == 0;
}
bool is_note(Entry entry) {
  return slot_of(entry) == kBlockSlot;
}

}  // namespace

void block_allocated(void* block, uint64_t size, uint64_t pc) {
  if (block == nullptr || hot.thread == nullptr) return;
  const auto low = reinterpret_cast<uint64_t>(block);
  if (detecting) clear_shadow(low - 8, low + real::malloc_usable_size(block), true);
  const ThreadRecord* record = local.record;
  if (record == nullptr || hot.thread->slot == 0) return;
  Entry* cell = cell_of(low - 8);
  store(cell, note_of_size(size, context_at(*hot.thread, pc, Manner::kBulk)));
  store(cell + 1, note_of_thread(record->serial));
}

void block_freed(void* block, uint64_t pc) {
  if (block == nullptr || hot.thread == nullptr) return;
  const auto low = reinterpret_cast<uint64_t>(block);
  if (!detecting) {
    // Nothing is in the shadow but notes: one that stayed would lie within a later block.
    store(cell_of(low - 8), 0);
    return;
  }
  const uint64_t size = real::malloc_usable_size(block);
  const uint64_t marked = size < kMarked ? size : kMarked;
  // What libc frees for itself it has put in an order of its own.
  if (hot.active && !is_libc_call(pc)) {
    if constexpr (kTracing) trace_access(low, marked, kWrite, pc);
    for (uint64_t word = low; word + 8 <= low + marked; word += 8) {
      Entry* cell = cell_of(word);
      const Entry key = hot.epoch | bytes_bits(0, 8) | kWrite;
      // What nobody has touched since there were threads has nothing to be compared with; but somebody may
      // come.
      if ((load(cell) | load(cell + 1)) == 0 && begin_cell(cell, key, pc, Manner::kFree)) continue;
      access_slowly(cell, key, word, pc, Manner::kFree);
    }
    end_uses(low, size, pc, Manner::kFree);
  } else {
    clear_shadow(low, low + marked);
  }
  clear_shadow(low + marked, low + size);
  forget_syncs(low, low + size);
}

HeapBlock block_around(uint64_t address) {
  const Entry* cell = cell_of(address);
  const Entry* lowest = address > kSearched ? cell_of(address - kSearched) : cell_of(0);
  for (; cell > lowest; cell -= 2) {
    const Entry note = load(cell);
    if (!is_note(note) || !is_note(load(cell + 1))) continue;
    HeapBlock block{};
    const uint64_t distance = static_cast<uint64_t>(cell_of(address) - cell) / 2 * 8;
    block.address = (address & ~uint64_t{7}) - distance + 8;
    block.size = uint64_t{clock_of(note)} << 8 | (note >> kContextBits & 0xff);
    block.context = context_of(note);
    block.serial = static_cast<uint32_t>(load(cell + 1) & ((1u << kSlotShift) - 1));
    if (address >= block.address + block.size) return {};
    return block;
  }
  return {};
}

}  // namespace gordian::hooks::races
