// The lock orders of a record: whole ones come back as they were written, broken ones are taken out alone.
#include "analyzer/record/reader.h"
#include "tests/unit/record_builder.h"

namespace gordian::record {
namespace {

using test::RecordBuilder;

class Orders : public ::testing::Test {
 protected:
  Record read(const RecordBuilder& builder) {
    builder.write(path_);
    return read_record(path_);
  }
  test::ScratchDirectory scratch_;
  std::string path_ = scratch_.file("1.flight");
};

std::vector<int> kinds(const Record& record) {
  std::vector<int> all;
  for (const OrderNode& node : record.orders) all.push_back(node.kind);
  return all;
}

std::vector<uint32_t> witnesses_of(const Record& record, const OrderNode& node) {
  std::vector<uint32_t> serials;
  for (uint32_t next = node.witnesses; next != 0; next = record.witnesses.at(next - 1).next)
    serials.push_back(record.witnesses.at(next - 1).serial);
  return serials;
}

TEST_F(Orders, ComeBackAsTheyWereWritten) {
  RecordBuilder builder = test::two_orders();
  builder.witness(2, 3, 4, 5);
  const Record record = read(builder);
  ASSERT_EQ(record.orders.size(), 4u);
  EXPECT_EQ(record.orders[1].parent, 1u);
  EXPECT_EQ(record.orders[1].resource, 1u);
  EXPECT_EQ(record.orders[1].site, 0x1200u);
  EXPECT_EQ(witnesses_of(record, record.orders[1]), (std::vector<uint32_t>{3, 2}));
  EXPECT_EQ(record.witnesses.back().last_segment, 5u);
  ASSERT_EQ(record.origins.size(), 3u);
  EXPECT_STREQ(record.origins[1].name, "worker-1");
  ASSERT_EQ(record.links.size(), 2u);
  EXPECT_EQ(record.links[1].to_serial, 3u);
  const EvidenceEntry evidence = evidence_at(record, record.orders[3].evidence);
  ASSERT_EQ(evidence.frames.size(), 3u);
  EXPECT_EQ(evidence.frames[1].address, 0x1400u);
  ASSERT_EQ(evidence.holds.size(), 1u);
  EXPECT_EQ(evidence.holds[0].site, 0x1300u);
}

TEST_F(Orders, ABrokenNodeGoesWithItsChildrenAndAlone) {
  const auto broken = [&](auto break_it) {
    RecordBuilder builder = test::two_orders();
    break_it(builder.orders[0]);
    return kinds(read(builder));
  };
  const std::vector<int> first_two_gone{0, 0, 1, 1};
  EXPECT_EQ(broken([](OrderNode&) {}), (std::vector<int>{1, 1, 1, 1}));
  EXPECT_EQ(broken([](OrderNode& node) { node.kind = 0; }), first_two_gone) << "not yet written";
  EXPECT_EQ(broken([](OrderNode& node) { node.kind = 200; }), first_two_gone);
  EXPECT_EQ(broken([](OrderNode& node) { node.resource = 2; }), first_two_gone) << "no such resource";
  EXPECT_EQ(broken([](OrderNode& node) { node.resource = UINT32_MAX; }), first_two_gone);
  EXPECT_EQ(broken([](OrderNode& node) { node.parent = 1; }), first_two_gone) << "its own parent";
  EXPECT_EQ(broken([](OrderNode& node) { node.parent = 3; }), first_two_gone) << "a parent that comes later";
  EXPECT_EQ(broken([](OrderNode& node) { node.parent = UINT32_MAX; }), first_two_gone);
  EXPECT_EQ(broken([](OrderNode& node) { node.depth = 1; }), first_two_gone);
  EXPECT_EQ(broken([](OrderNode& node) { node.kind = static_cast<uint8_t>(ResourceKind::kThread); }),
            first_two_gone)
      << "no thread has serial 0";
}

TEST_F(Orders, APathIsNoLongerThanWhatAThreadCanHold) {
  RecordBuilder builder = test::two_orders();
  uint32_t parent = 0;
  for (int i = 0; i < 700; ++i) parent = builder.order(parent, ResourceKind::kMutex, 0);
  const Record record = read(builder);
  const uint32_t most = kInlineHolds + kOverflowBlocksPerThread * kOverflowBlockHolds;
  EXPECT_NE(record.orders[4 + most].kind, 0);
  EXPECT_EQ(record.orders[4 + most + 1].kind, 0);
  EXPECT_EQ(record.orders.back().kind, 0);
}

TEST_F(Orders, AChainOfWitnessesEndsAndSaysWhatItLost) {
  RecordBuilder builder = test::two_orders();
  builder.witnesses[0].next = 1;  // itself
  Record record = read(builder);
  EXPECT_EQ(witnesses_of(record, record.orders[1]), (std::vector<uint32_t>{2}));
  EXPECT_TRUE(record.orders[1].bits & kOrderWitnessesDropped);
  EXPECT_FALSE(record.orders[3].bits & kOrderWitnessesDropped);

  builder = test::two_orders();
  builder.orders[3].witnesses = 1;  // another node's
  record = read(builder);
  EXPECT_EQ(witnesses_of(record, record.orders[1]), (std::vector<uint32_t>{2}));
  EXPECT_TRUE(witnesses_of(record, record.orders[3]).empty());
  EXPECT_TRUE(record.orders[3].bits & kOrderWitnessesDropped);

  builder = test::two_orders();
  builder.orders[1].witnesses = UINT32_MAX;
  builder.witnesses[1].next = 77;
  record = read(builder);
  EXPECT_TRUE(witnesses_of(record, record.orders[1]).empty());
  EXPECT_EQ(witnesses_of(record, record.orders[3]), (std::vector<uint32_t>{3}));

  builder = test::two_orders();
  builder.witness(2, 0);
  builder.witness(4, 9, 5, 4);
  record = read(builder);
  EXPECT_TRUE(record.orders[1].bits & kOrderWitnessesDropped) << "a thread has a serial";
  EXPECT_TRUE(record.orders[3].bits & kOrderWitnessesDropped) << "segments count up";

  builder = test::two_orders();
  for (uint32_t i = 0; i < 2 * kMaxWitnessesPerNode; ++i) builder.witness(2, 10 + i);
  record = read(builder);
  EXPECT_EQ(witnesses_of(record, record.orders[1]).size(), kMaxWitnessesPerNode);
  EXPECT_TRUE(record.orders[1].bits & kOrderWitnessesDropped);
}

TEST_F(Orders, EvidenceThatDoesNotFitIsNone) {
  RecordBuilder builder = test::two_orders();
  const Record record = read(builder);
  EXPECT_TRUE(evidence_at(record, 0).frames.empty());
  EXPECT_EQ(evidence_at(record, 1).frames.size(), 3u);
  EXPECT_TRUE(evidence_at(record, static_cast<uint32_t>(builder.evidence.size() / 16 + 1)).frames.empty());
  EXPECT_TRUE(evidence_at(record, UINT32_MAX).frames.empty());
  for (const size_t field : {offsetof(Evidence, frame_count), offsetof(Evidence, hold_count)}) {
    for (const uint32_t count : {kMaxFrames + 1, UINT32_MAX, kMaxEvidenceHolds}) {
      RecordBuilder hostile = test::two_orders();
      std::memcpy(hostile.evidence.data() + field, &count, sizeof count);
      const EvidenceEntry entry = evidence_at(read(hostile), 1);
      EXPECT_TRUE(entry.frames.empty() && entry.holds.empty()) << field << ' ' << count;
    }
  }
}

TEST_F(Orders, CountsPastTheCapacityMeanAFullArea) {
  RecordBuilder builder = test::two_orders();
  builder.write(path_);
  builder.count_all = false;
  builder.header.resource_count = 2;
  builder.header.order_count = UINT32_MAX;
  builder.header.witness_count = kMaxOrderWitnesses + 7;
  builder.header.last_serial = kMaxThreadOrigins + 1;
  builder.header.link_count = UINT32_MAX;
  builder.header.evidence_bytes = UINT32_MAX;
  const Record record = read(builder);
  EXPECT_EQ(record.orders.size(), kMaxOrderNodes);
  EXPECT_EQ(record.orders[3].kind, 1);
  EXPECT_EQ(record.orders[4].kind, 0);
  EXPECT_EQ(record.witnesses.size(), kMaxOrderWitnesses);
  EXPECT_EQ(record.origins.size(), kMaxThreadOrigins);
  EXPECT_EQ(record.links.size(), 2u) << "links that are not written yet are left out";
  EXPECT_EQ(evidence_at(record, record.orders[3].evidence).frames.size(), 3u);
}

TEST_F(Orders, AnAreaThatIsNotThereIsSaidToBeCutOff) {
  RecordBuilder builder = test::two_orders();
  for (const uint64_t area : {kOrderOffset, kWitnessOffset, kOriginOffset, kLinkOffset, kEvidenceOffset}) {
    builder.write(path_);
    std::filesystem::resize_file(path_, area + 1);
    try {
      read_record(path_);
      ADD_FAILURE() << "was read";
    } catch (const RecordError& error) {
      EXPECT_NE(std::string(error.what()).find("cut short"), std::string::npos) << error.what();
    }
  }
}

TEST_F(Orders, AnOriginIsWhereItsSerialSays) {
  RecordBuilder builder = test::two_orders();
  builder.origins[1].serial = 9;
  const Record record = read(builder);
  EXPECT_EQ(record.origins[1].serial, 0u);
  EXPECT_EQ(record.origins[2].serial, 3u);
}

}  // namespace
}  // namespace gordian::record
