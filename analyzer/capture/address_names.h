// What capture asks about addresses. Outside of tests it is answered by symbols::Symbolizer (see
// symbolizer_names.h).
//
// Promises: `resolve` gives at least one frame, innermost inlined one first; `is_after_call` is false when
// the bytes cannot be read.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/symbols/symbolizer.h"

namespace gordian::capture {

class AddressNames {
 public:
  virtual ~AddressNames() = default;
  virtual const std::vector<finding::Frame>& resolve(uint64_t address, bool is_return_address) = 0;
  virtual std::optional<symbols::VariableName> variable_at(uint64_t address) = 0;
  virtual bool is_after_call(uint64_t address) = 0;
};

}  // namespace gordian::capture
