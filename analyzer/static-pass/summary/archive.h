// Units as bytes: what a reader process sends, and what the cache keeps.
//
//   magic  version  checksum of the rest | strings | functions, each with its length before it | the others
//
// Promises: numbers are little-endian varints, so that small ones take a byte; the same unit always gives the
// same bytes. What is damaged, cut short, or of another version reads as nothing, and never as another unit:
// the checksum is looked at first, and every count, symbol and enumerator afterwards all the same.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check {

// To be raised with every change of unit.h or of what lower/ writes into it.
constexpr uint32_t kArchiveVersion = 2;

std::string write_unit(const Unit& unit);
std::optional<Unit> read_unit(std::string_view bytes);

}  // namespace gordian::check
