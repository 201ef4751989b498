// Locks that are made of other locks: a class whose member functions take and release one of its own members.
// Whoever holds `mutex_.raw_` of such a class is said to hold `mutex_`, which is what attributes and people
// name.
//
// Promises: inferred from what the member functions do; a path that names no wrapper is returned as it is.
#pragma once

#include <set>

#include "analyzer/static-pass/link/analysis.h"

namespace gordian::check {

class LockWrappers {
 public:
  explicit LockWrappers(const Analysis& analysis);

  PathId whole(PathId lock) const;

 private:
  const Analysis& analysis_;
  std::set<Symbol> inner_;  // fields
};

}  // namespace gordian::check
