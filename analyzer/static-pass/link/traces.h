// Chains of calls: how a function comes to do what is told of it.
//
// Promises: a trace never changes once it is made; the same step before the same rest is made once.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "analyzer/static-pass/link/ids.h"
#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check {

class Traces {
 public:
  struct Step {
    FunctionId function;
    Place place;
    TraceId next;  // into the called function; none at the end
  };

  TraceId add(FunctionId function, const Place& place, TraceId next = {}) {
    const auto [known, is_new] =
        known_.try_emplace({function, place, next}, TraceId{static_cast<uint32_t>(steps_.size())});
    if (is_new) steps_.push_back({function, place, next});
    return known->second;
  }

  const Step& operator[](TraceId id) const { return steps_[id.value]; }

 private:
  std::vector<Step> steps_;
  std::map<std::tuple<FunctionId, Place, TraceId>, TraceId> known_;
};

}  // namespace gordian::check
