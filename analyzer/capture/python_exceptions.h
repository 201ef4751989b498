// How much of a frame's evaluation stack is in use for certain, from a code object's exception table.
//
// Promises: pure, and bounded by the table. An instruction that an entry covers would be unwound to the
// entry's depth, so that the slots below that depth are alive there; what lies above is not known, and may be
// left over. Source: PEP 657's sibling, CPython's Objects/exception_handling_notes.txt: entries of start,
// length, target and depth * 2 + lasti, in big-endian varints of 6 bits, with a mark on each entry's first
// byte.
#pragma once

#include <cstdint>
#include <vector>

namespace gordian::capture {

struct PythonHandler {
  uint64_t start = 0;  // code units
  uint64_t end = 0;
  uint64_t target = 0;
  uint32_t depth = 0;  // slots
};

// Up to where the table is whole.
std::vector<PythonHandler> python_handlers(const std::vector<uint8_t>& table);

// Null when no handler covers the instruction.
const PythonHandler* handler_at(const std::vector<PythonHandler>& handlers, int64_t instruction);

// The instruction that put slot `depth - 1` there: the one before the first that is handled at this depth
// with the same target as the one nearest to `instruction`. -1 when there is none.
int64_t entered_at(const std::vector<PythonHandler>& handlers, int64_t instruction, uint32_t depth);

}  // namespace gordian::capture
