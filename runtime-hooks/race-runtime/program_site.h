// Where the program called: behind the C++ library, whose call of malloc or memcpy says nothing.
//
// libstdc++ was not compiled with the callbacks, so the shadow call stack does not know its functions. Their
// frames are of one size at one call: walked once per return address by the call frame information, and
// remembered.
#pragma once

#include "runtime-hooks/site.h"

namespace gordian::hooks::races {

uint64_t program_site(const Site& site);

// Whether the call was made by the C library or the dynamic linker, for themselves.
bool is_libc_call(uint64_t return_address);

// Whether the call was made by this library itself.
bool is_own_call(uint64_t return_address);

// A block that was handed out before malloc was found; it is never given back.
bool is_early_block(const void* block);

}  // namespace gordian::hooks::races
