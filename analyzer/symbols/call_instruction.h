// Whether the bytes before an address end in a call.
//
// Promises: pure; looks only at the bytes given. A stack word that points just behind a call is probably a
// return address; one that does not is none. Source: Intel SDM volume 2 (CALL, ModR/M and SIB tables); Arm
// ARM (BL, BLR).
#pragma once

#include <cstddef>
#include <cstdint>

namespace gordian::symbols {

inline constexpr size_t kLongestCall = 7;  // without prefixes, which do not matter here

// `bytes` are the `size` bytes right before the address; `machine` is the ELF e_machine.
bool ends_in_call(uint16_t machine, const uint8_t* bytes, size_t size);

}  // namespace gordian::symbols
