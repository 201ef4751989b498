// Which lock guards a variable: as an attribute says, or as most of its uses show.
//
// Promises: a lock is inferred only where at least one write is under it, and most places hold it: of a lock
// in the same object half of few places and two thirds of many; of a lock that has nothing to do with the
// variable but to be held, four fifths, and always.
#pragma once

#include <optional>
#include <vector>

#include "analyzer/static-pass/link/shared_variables.h"

namespace gordian::check {

struct Guarding {
  LockClass lock;
  PathId example;
  size_t held = 0;    // places
  size_t places = 0;  // one that is come to with the lock and without it counts twice
  bool declared = false;
};

bool holds(const Analysis& analysis, const Use& use, const LockClass& lock);

std::optional<Guarding> declared_guard(const Analysis& analysis, const LockClass& variable);
std::optional<Guarding> inferred_guard(const Analysis& analysis, const LockClass& variable,
                                       const std::vector<Use>& uses);

}  // namespace gordian::check
