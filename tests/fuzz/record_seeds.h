// Records from which the fuzzer starts, made by the tests' builder so that they never fall behind the format.
#pragma once

#include <vector>

#include "tests/fuzz/record_entry.h"
#include "tests/unit/record_builder.h"

namespace gordian::fuzz {

inline std::vector<std::vector<uint8_t>> record_seeds() {
  using record::ResourceKind;
  using test::ThreadBuilder;
  std::vector<test::RecordBuilder> builders{test::two_accounts(), test::two_accounts(false),
                                            test::two_orders()};

  test::RecordBuilder deep;
  ThreadBuilder holder(1, "deep");
  for (uint64_t i = 0; i < 110; ++i) holder.holds(ResourceKind::kSemaphore, 0x100 + i, 0x1000 + i);
  holder.waits(ResourceKind::kThread, 2).stack({{0x10, 0x7000}, {0x21, 0x7040}, {0x32, 0x7080}});
  deep.add(holder);
  deep.add(ThreadBuilder(2, "joined")
               .state(record::ThreadState::kLeftBehindByFork)
               .holds(ResourceKind::kMutex, 0x100));
  builders.push_back(deep);

  test::RecordBuilder stall = test::two_accounts();
  stall.findings[0].rule = static_cast<uint16_t>(record::Rule::kGlobalStall);
  stall.findings[0].members[0].kind = static_cast<uint8_t>(ResourceKind::kCondition);
  stall.findings[0].members[1].link = static_cast<uint8_t>(record::Link::kCouldSignal);
  stall.threads[1].last().caller_count = 3;
  builders.push_back(stall);

  std::vector<std::vector<uint8_t>> seeds;
  test::ScratchDirectory scratch;
  for (const test::RecordBuilder& builder : builders) {
    builder.write(scratch.file("seed"));
    for (const uint8_t end : {uint8_t{0}, uint8_t{1}, uint8_t{130}})
      seeds.push_back(dense(scratch.file("seed"), end));
  }
  return seeds;
}

}  // namespace gordian::fuzz
