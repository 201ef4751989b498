// The identity of a finding across runs: made of the rule, and for each step the lock's stable name and the
// function that waits for it; of orders and misuses also the function that acquired it. No address, pid, tid,
// line or thread name goes in, and the step at which the cycle was found does not matter.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gordian::finding {

struct FingerprintStep {
  std::string lock;  // finding::ResourceName::stable
  std::string
      acquiring;  // function in which it was taken; empty for deadlocks: after a hang nobody may know it
  std::string waiting;  // function that waits for it
};

// 16 hex digits. `is_cycle`: each step waits for the next, so their order counts up to rotation; otherwise it
// does not count at all.
std::string fingerprint(std::string_view rule, const std::vector<FingerprintStep>& steps, bool is_cycle);

}  // namespace gordian::finding
