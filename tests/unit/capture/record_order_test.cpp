// The tables of a record as lock orders: which links hold in every schedule, and who said that it was done.
#include "analyzer/capture/record_order.h"

#include "analyzer/record/reader.h"
#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

using record::kSyncSerial;
using record::ResourceKind;
using test::RecordBuilder;

RecordedOrder read(const RecordBuilder& builder) {
  test::ScratchDirectory scratch;
  builder.write(scratch.file("r"));
  return lock_order_of(record::read_record(scratch.file("r")));
}

record::ResourceRecord semaphore(uint32_t second_poster) {
  record::ResourceRecord resource = test::make_resource(ResourceKind::kSemaphore, 0x5000);
  resource.generation = 1;
  resource.initial_value = 0;
  resource.participants = 1;
  resource.signallers[0] = 2;
  resource.signallers[1] = second_poster;
  return resource;
}

TEST(RecordOrder, ALinkThroughASemaphoreHoldsWhereOneThreadPosts) {
  for (const uint32_t second_poster : {0u, 3u}) {
    RecordBuilder builder = test::two_orders();
    const auto place = static_cast<uint32_t>(builder.resources.size());
    builder.add(semaphore(second_poster));
    builder.links = {{1, 0, 2, 0}, {2, 0, kSyncSerial + place, 0}, {kSyncSerial + place, 0, 3, 1}};
    EXPECT_EQ(read(builder).order.links.size(), second_poster == 0 ? 3u : 1u);
  }
}

TEST(RecordOrder, ALinkThroughNothingIsLeftOut) {
  RecordBuilder builder = test::two_orders();
  builder.links = {{1, 0, 2, 0}, {2, 0, kSyncSerial + 4000, 0}, {UINT32_MAX, 0, 3, 1}};
  EXPECT_EQ(read(builder).order.links.size(), 1u);
}

TEST(RecordOrder, AJoinedThreadKeepsItsLastWord) {
  RecordBuilder builder = test::two_orders();
  const uint32_t held = builder.order(0, ResourceKind::kMutex, 0, 0x1100);
  builder.witness(builder.order(held, ResourceKind::kThread, 3, 0x1200), 1);
  builder.origin(3, "worker-2");
  builder.origins[2].told_under = 1;
  builder.origins[2].told_under_generation = builder.resources[0].generation;
  const auto told_under = [&] {
    const RecordedOrder read_back = read(builder);
    for (const model::OrderedLock& lock : read_back.order.locks)
      if (lock.key.kind == ResourceKind::kThread) return lock.told_under;
    return 12345u;
  };
  EXPECT_EQ(told_under(), 0u);
  builder.origins[2].told_under_generation += 1;  // another lock at the same place
  EXPECT_EQ(told_under(), UINT32_MAX);
  builder.origins[2].told_under = 4'000'000;
  EXPECT_EQ(told_under(), UINT32_MAX);
}

}  // namespace
}  // namespace gordian::capture
