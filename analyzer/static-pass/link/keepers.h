// Which functions may keep a pointer that they are given, so that others can reach its object afterwards.
//
// Promises: a pointer that is stored anywhere but in a local, or passed to something that may store it, is
// kept; blind to the order of statements. C functions outside of the program are taken to keep nothing.
#pragma once

#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "analyzer/static-pass/link/program.h"
#include "analyzer/static-pass/link/values.h"

namespace gordian::check {

class Keepers {
 public:
  Keepers(Program& program, const Values& values);

  bool keeps_this(FunctionId function) const { return kept_.contains({function, 0}); }
  bool keeps(FunctionId function, size_t parameter) const {
    return kept_.contains({function, static_cast<uint32_t>(parameter) + 1});
  }
  // Whether the address of a local of the function is kept by anybody.
  bool is_kept(FunctionId function, uint32_t local) const { return kept_locals_.contains({function, local}); }

 private:
  class Reader;
  std::set<std::pair<FunctionId, uint32_t>> kept_;  // 0: `this`; from 1: parameters
  std::set<std::pair<FunctionId, uint32_t>> kept_locals_;
};

}  // namespace gordian::check
