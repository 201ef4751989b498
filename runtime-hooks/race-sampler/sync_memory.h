// Memory that a synchronisation primitive is made of: what happens there is its own business.
#pragma once

#include <cstdint>

namespace gordian::hooks::races {

// Whether any of the bytes belong to a lock, condition, semaphore, guard or futex word that was ever met.
bool is_sync_memory(uint64_t address, uint32_t size);

}  // namespace gordian::hooks::races
