#include "analyzer/predict/abstract_accesses.h"

#include <algorithm>

namespace gordian::predict {
namespace {

// By variable: whether several threads use it, one of which writes.
std::vector<bool> shared_variables(const Trace& trace) {
  std::vector<uint32_t> first(trace.variables.size(), kNone);
  std::vector<bool> several(trace.variables.size()), written(trace.variables.size());
  for (const Event& event : trace.events) {
    if (!is_access(event)) continue;
    uint32_t& user = first[event.operand];
    if (user == kNone) user = event.thread;
    if (user != event.thread) several[event.operand] = true;
    if (event.op == Op::kWrite) written[event.operand] = true;
  }
  for (size_t i = 0; i < several.size(); ++i) several[i] = several[i] && written[i];
  return several;
}

bool is_alike(const AbstractAccess& one, const AbstractAccess& other) {
  return one.thread == other.thread && one.site == other.site && one.held == other.held &&
         one.writes == other.writes && one.is_atomic == other.is_atomic;
}

}  // namespace

AbstractAccesses collect_abstract_accesses(const Trace& trace) {
  AbstractAccesses result;
  const std::vector<bool> shared = shared_variables(trace);
  std::vector<uint32_t> number(trace.variables.size(), kNone);
  std::vector<uint32_t> position(trace.threads.size());
  HeldSets held(trace);
  for (const Event& event : trace.events) {
    held.look_at(event);
    const uint32_t here = position[event.thread]++;
    if (!is_access(event) || !shared[event.operand]) continue;
    if (number[event.operand] == kNone) {
      number[event.operand] = static_cast<uint32_t>(result.variables.size());
      result.variables.push_back({event.operand, {}});
    }
    const AbstractAccess access{.thread = event.thread,
                                .site = event.site,
                                .held = held.number_of(event.thread),
                                .writes = event.op == Op::kWrite,
                                .is_atomic = (event.flags & kAtomic) != 0,
                                .positions = {}};
    std::vector<AbstractAccess>& accesses = result.variables[number[event.operand]].accesses;
    auto known =
        std::ranges::find_if(accesses, [&](const AbstractAccess& each) { return is_alike(each, access); });
    if (known == accesses.end()) known = accesses.insert(known, access);
    known->positions.push_back(here);
  }
  result.lock_sets = held.take();
  return result;
}

}  // namespace gordian::predict
