// Accesses grouped by what matters for a race: the thread, the place in the code, the variable, how, and
// which locks were held. Left out are variables that one thread alone uses, or that nobody writes.
#pragma once

#include <cstdint>
#include <vector>

#include "analyzer/predict/held_sets.h"

namespace gordian::predict {

struct AbstractAccess {
  uint32_t thread = 0;
  uint32_t site = kNone;
  uint32_t held = 0;  // index in AbstractAccesses::lock_sets
  bool writes = false;
  bool is_atomic = false;
  std::vector<uint32_t> positions;  // in the thread, in program order
};

struct AccessedVariable {
  uint32_t variable = 0;
  std::vector<AbstractAccess> accesses;
};

struct AbstractAccesses {
  std::vector<HeldSet> lock_sets;
  std::vector<AccessedVariable> variables;  // in the order of their first accesses
};

AbstractAccesses collect_abstract_accesses(const Trace& trace);

}  // namespace gordian::predict
