// Blocks of the heap: where each was allocated, and what their coming and going means for the shadow.
//
// glibc keeps eight bytes of its own before every block, which no program touches. Their cell of the shadow
// has no other use, and keeps where the block was allocated, how large it was asked for and by whom: no table
// and no memory besides. With another allocator, whose blocks have no such header, an access to the word
// before a block takes the note away.
#pragma once

#include "runtime-hooks/race-runtime/thread.h"

namespace gordian::hooks::races {

struct HeapBlock {
  uint64_t address;  // 0: none
  uint64_t size;
  uint32_t context;
  uint32_t serial;
};

void block_allocated(void* block, uint64_t size, uint64_t pc);
// Before the real call.
void block_freed(void* block, uint64_t pc);

// The block with that address in it; not far from its beginning, or it is not found.
HeapBlock block_around(uint64_t address);

}  // namespace gordian::hooks::races
