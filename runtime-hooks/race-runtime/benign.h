// Memory of which the program has said that races on it are meant (AnnotateBenignRaceSized).
#pragma once

#include <cstdint>

namespace gordian::hooks::races {

void expect_races(uint64_t address, uint64_t size);
bool is_benign(uint64_t address, uint64_t size);

}  // namespace gordian::hooks::races
