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
  Block* base;
  uint32_t used;
  uint32_t free;
  OwnLine cells[kLocks];
};
constinit Blocks blocks{};

}  // namespace

Spin& lock_of(const Entry* cell) {
  const auto place = reinterpret_cast<uint64_t>(cell) >> 4;
  return blocks.cells[(place ^ place >> 9) % kLocks].lock;
}

Block& block_at(uint32_t number) {
  return blocks.base[number];
}

uint32_t claim_block() {
  SpinGuard guard(blocks.lock);
  if (blocks.base == nullptr)
    blocks.base = static_cast<Block*>(kernel::map(nullptr, sizeof(Block) * kMaxBlocks, PROT_READ | PROT_WRITE,
                                                  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
  if (blocks.base == nullptr) return 0;
  uint32_t number = blocks.free;
  if (number != 0) {
    blocks.free = blocks.base[number].next;
  } else {
    if (blocks.used + 1 >= kMaxBlocks) return 0;
    number = ++blocks.used;
  }
  blocks.base[number] = {};
  return number;
}

void free_block(uint32_t number) {
  SpinGuard guard(blocks.lock);
  blocks.base[number].next = blocks.free;
  blocks.free = number;
}

}  // namespace gordian::hooks::races
