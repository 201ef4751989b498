// The line of an instruction, from a code object's location table.
//
// Promises: pure, and bounded by the table. Source: PEP 657 and CPython's Objects/locations.md: entries of
// one byte with the high bit set (kind and length in code units) and operands that depend on the kind; 6-bit
// little-endian varints.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace gordian::capture {

struct PythonPosition {
  uint32_t line = 0;
  uint32_t column = 0;  // from 1; 0 when not recorded
};

// `instruction` counts code units from the start; -1, before the first, has the first line. Empty when the
// table is damaged, ends before the instruction, or says that the instruction belongs to no line.
std::optional<PythonPosition> python_position(const std::vector<uint8_t>& table, int64_t first_line,
                                              int64_t instruction);

}  // namespace gordian::capture
