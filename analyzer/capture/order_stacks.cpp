#include "analyzer/capture/order_stacks.h"

#include <algorithm>
#include <tuple>

namespace gordian::capture {
namespace {

// Evidence is what a thread's record had at that moment, and is read like one.
record::ThreadEntry thread_then(record::EvidenceEntry evidence) {
  record::ThreadEntry thread;
  thread.thread = {};
  thread.thread.frame_count = static_cast<uint32_t>(evidence.frames.size());
  std::copy(evidence.frames.begin(), evidence.frames.end(), thread.thread.frames);
  thread.entries = std::move(evidence.holds);
  return thread;
}

}  // namespace

const finding::Stack& OrderStacks::at(uint32_t node) {
  const auto [place, is_new] = known_.try_emplace(node);
  if (is_new && node < record_.orders.size()) place->second = find(record_.orders[lender_of(node)]);
  return place->second;
}

// Where one call site takes very many locks, stacks were kept of the first few alone: another node whose path
// has the same sites, then.
uint32_t OrderStacks::lender_of(uint32_t node) {
  if (record_.orders[node].evidence != 0) return node;
  if (ways_.empty()) sort_by_way();
  const auto lender = lenders_.find(ways_[node]);
  return lender != lenders_.end() ? lender->second : node;
}

void OrderStacks::sort_by_way() {
  std::map<std::tuple<uint32_t, uint64_t, uint8_t>, uint32_t> numbers;
  ways_.assign(record_.orders.size(), 0);
  for (uint32_t i = 0; i < record_.orders.size(); ++i) {
    const record::OrderNode& node = record_.orders[i];
    if (node.kind == 0) continue;
    const uint32_t above = node.parent == 0 || node.parent > i ? 0 : ways_[node.parent - 1];
    const auto next = static_cast<uint32_t>(numbers.size() + 1);
    ways_[i] = numbers.try_emplace({above, node.site, node.kind}, next).first->second;
    if (node.evidence != 0) lenders_.try_emplace(ways_[i], i);
  }
}

finding::Stack OrderStacks::find(const record::OrderNode& node) {
  const record::ThreadEntry thread = thread_then(record::evidence_at(record_, node.evidence));
  finding::Stack stack;
  if (node.evidence_hold == 0) {
    stack = stacks_.waiting(thread);
  } else if (node.evidence_hold <= thread.entries.size() &&
             thread.entries[node.evidence_hold - 1].site == node.site) {
    stack = stacks_.acquired(thread, node.evidence_hold - 1);
  }
  return stack.empty() ? stacks_.at(node.site) : stack;
}

}  // namespace gordian::capture
