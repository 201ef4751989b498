// Whether an access that the machine made by a plain move is an atomic operation in the source; and what that
// makes of the grade of a race that was caught.
//
// On x86-64 an atomic load, and a store that is not sequentially consistent, are plain moves. Where there is
// debug information, an access through <atomic> lies in an inlined function that says so, and one through a
// builtin or a macro stands on a line that says so.
//
// Promises: text and frames in, values out; the only I/O is that of the given reader of lines. Errs towards
// "it may be atomic": a race that is none is worse than one that is told with a lower grade. Source: C++20
// [intro.races]: a race needs one access that is not atomic.
#pragma once

#include <functional>
#include <string>

#include "analyzer/finding/finding.h"
#include "analyzer/record/flight_record.h"

namespace gordian::capture {

enum class AtomicUse {
  kUnknown,    // no debug information
  kAtomic,     // it is one
  kSuspect,    // something on its line may hide one: a macro, assembly, a function called like one
  kNotNamed,   // nothing in the debug information says so; the source is not at hand
  kNotAtomic,  // and neither does its line
};

// A line of a source file, from 1; empty when it cannot be had.
using LineReader = std::function<std::string(const std::string& file, uint32_t line)>;

// Reads files as they are now, and remembers them.
LineReader lines_of_files();

// `frames` are those at the address of the access itself: the inlined calls first, the real function last,
// and its callers after that do not matter.
AtomicUse atomic_use(const finding::Stack& frames, const LineReader& lines);

// The grade that a caught race has once its two sides are looked at. Never more than the evidence carries:
// what the form of the instructions had proven stays proven unless both sides are atomic by name. What lines
// of source say makes a race inferred, never proven.
record::Grade settled_grade(const record::RaceRecord& race, AtomicUse first, AtomicUse second);

// The same for a race told from order, whose grade can only fall. One told from locksets is possible at most.
bool both_may_be_atomic(AtomicUse first, AtomicUse second);

}  // namespace gordian::capture
