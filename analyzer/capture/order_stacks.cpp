#include "analyzer/capture/order_stacks.h"

#include <algorithm>

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
  if (is_new && node < record_.orders.size()) place->second = find(record_.orders[node]);
  return place->second;
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
