#include "runtime-hooks/judge/finding_table.h"

#include "runtime-hooks/modules.h"

namespace gordian::hooks {

using record::FindingRecord;

FindingRecord* claim_finding() {
  CriticalSection section;
  auto& header = runtime.header();
  const uint32_t index = header.finding_count;
  const uint64_t begin = record::kFindingOffset + index * sizeof(FindingRecord);
  if (index >= record::kMaxFindings || !runtime.reserve(begin, begin + sizeof(FindingRecord))) {
    runtime.count(Unseen::kFindings);
    return nullptr;
  }
  __atomic_store_n(&header.finding_count, index + 1, __ATOMIC_RELEASE);
  return &runtime.finding(index);
}

void publish_finding(FindingRecord& finding) {
  CriticalSection section;
  refresh_modules();
  finding.told_at_ns = now_ns();
  __atomic_store_n(&finding.published, 1, __ATOMIC_RELEASE);
}

}  // namespace gordian::hooks
