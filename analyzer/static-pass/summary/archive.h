// Units as bytes: what a reader process sends, and what the cache keeps.
//
//   magic  version  checksum of the rest | strings | functions, each with its length before it | the others
//
// Promises: numbers are little-endian varints, so that small ones take a byte; the same unit always gives the
// same bytes. What is damaged, cut short, or of another version reads as nothing, and never as another unit:
// the checksum is looked at first, and every count, symbol and enumerator afterwards all the same.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check {

// To be raised with every change of unit.h or of what lower/ writes into it.
constexpr uint32_t kArchiveVersion = 5;

std::string write_unit(const Unit& unit);

// Which functions are wanted, by their flags and key; empty: all. It is asked in the order of the unit.
using WantedFunction = std::function<bool(uint16_t flags, const std::string& key)>;
std::optional<Unit> read_unit(std::string_view bytes, const WantedFunction& wanted = {});

}  // namespace gordian::check
