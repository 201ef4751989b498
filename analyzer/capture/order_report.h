// From the lock orders of a record to what a report says about them: findings of the rule
// lock-order-inversion, the orders themselves, and what was not looked at.
//
// Promises: instances of one class, which share a fingerprint, are one finding: the strongest, with the
// number of all. A cycle that the process told as a deadlock is not told again. Findings come with the
// strongest grade first; what is over the cap is counted under "unseen". Keeps references, which must outlive
// it.
#pragma once

#include <map>
#include <vector>

#include "analyzer/capture/claim.h"
#include "analyzer/capture/order_findings.h"
#include "analyzer/capture/order_stacks.h"
#include "analyzer/capture/record_order.h"
#include "analyzer/capture/thread_names.h"

namespace gordian::capture {

inline constexpr size_t kMostOrderFindings = 100;

class OrderReport {
 public:
  OrderReport(const record::Record& record, const std::vector<Claim>& claims, AddressNames& names,
              uint32_t stack_depth);

  // The locks that the findings name, for the scene.
  const LockSightings& sightings() const { return sightings_; }

  void add_to(finding::Report& report, const Scene& scene);

 private:
  struct Class {
    const verdict::Inversion* shown;
    std::string fingerprint;
    uint32_t occurrences;
  };

  void sort_into_classes(const std::vector<Claim>& claims);
  void collect_sightings();
  std::string fingerprint_of(const verdict::Inversion& inversion);
  const std::string& stable_name(uint32_t lock);
  const std::string& own_function_at(uint32_t step);
  void add_unseen(std::vector<finding::Unseen>& unseen) const;

  RecordedOrder recorded_;
  verdict::Inversions inversions_;
  AddressNames& names_;
  ThreadNames threads_;
  OrderStacks stacks_;
  std::map<uint32_t, std::string> stable_names_;
  std::map<uint32_t, std::string> own_functions_;
  std::vector<Class> classes_;
  uint64_t classes_not_told_ = 0;
  LockSightings sightings_;
};

}  // namespace gordian::capture
