// Which lock guards a variable: as an attribute says, or as most of its uses show.
//
// Promises: a lock is inferred only where at least one write is under it, and at least as many places hold it
// as do not; of variables with many uses, two thirds of the places.
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
std::optional<Guarding> inferred_guard(const Analysis& analysis, const std::vector<Use>& uses);

}  // namespace gordian::check
