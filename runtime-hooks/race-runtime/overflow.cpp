#include "runtime-hooks/race-runtime/overflow.h"

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks::races {

namespace {

constexpr uint32_t kLocks = 512;

struct alignas(64) OwnLine {
  Spin lock;
};

struct Blocks {
  Spin lock;
  uint32_t used;
  uint32_t free;
  OwnLine cells[kLocks];
};
constinit Blocks blocks{};

}  // namespace

constinit Block* block_base = nullptr;

Spin& lock_of(const Entry* cell) {
  const auto place = reinterpret_cast<uint64_t>(cell) >> 4;
  return blocks.cells[(place ^ place >> 9) % kLocks].lock;
}

uint32_t claim_block() {
  SpinGuard guard(blocks.lock);
  if (block_base == nullptr)
    block_base = static_cast<Block*>(kernel::map(nullptr, sizeof(Block) * kMaxBlocks, PROT_READ | PROT_WRITE,
                                                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
  if (block_base == nullptr) return 0;
  // A handler that comes while its thread is here takes one that was never given out.
  uint32_t number = guard.is_nested() ? 0 : blocks.free;
  if (number != 0) {
    blocks.free = block_base[number].next;
  } else {
    if (__atomic_load_n(&blocks.used, __ATOMIC_RELAXED) + 1 >= kMaxBlocks) return 0;
    number = __atomic_add_fetch(&blocks.used, 1, __ATOMIC_RELAXED);
  }
  block_base[number] = {};
  return number;
}

void free_block(uint32_t number) {
  SpinGuard guard(blocks.lock);
  if (guard.is_nested()) return;  // lost: the list may be half changed
  block_base[number].next = blocks.free;
  blocks.free = number;
}

void free_chain(uint32_t first) {
  while (first != 0) {
    const uint32_t next = block_at(first).next;
    free_block(first);
    first = next;
  }
}

void clear_chain(Entry* cell) {
  SpinGuard guard(lock_of(cell));
  const Entry head = load(cell);
  store(cell, 0);
  store(cell + 1, 0);
  if (has_chain(head) && !guard.is_nested()) free_chain(number_of(head));
}

}  // namespace gordian::hooks::races
