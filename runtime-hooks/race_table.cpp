#include "runtime-hooks/race_table.h"

#include "runtime-hooks/modules.h"

namespace gordian::hooks {

using record::RaceRecord;

RaceRecord* claim_race() {
  if (!runtime.ready()) return nullptr;
  CriticalSection section;
  auto& header = runtime.header();
  const uint32_t index = header.race_count;
  const uint64_t begin = record::kRaceOffset + index * sizeof(RaceRecord);
  if (index >= record::kMaxRaces || !runtime.reserve(begin, begin + sizeof(RaceRecord))) {
    runtime.count(Unseen::kRaces);
    return nullptr;
  }
  __atomic_store_n(&header.race_count, index + 1, __ATOMIC_RELEASE);
  return &runtime.race(index);
}

void publish_race(RaceRecord& race) {
  CriticalSection section;
  refresh_modules();
  race.told_at_ns = now_ns();
  __atomic_store_n(&race.published, 1, __ATOMIC_RELEASE);
}

}  // namespace gordian::hooks
