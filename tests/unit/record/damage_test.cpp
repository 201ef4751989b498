// A record may be cut or damaged anywhere: reading it gives the whole record or one line of explanation, and
// never anything else.
#include <random>

#include "analyzer/record/reader.h"
#include "tests/unit/record_builder.h"

namespace gordian::record {
namespace {

using test::RecordBuilder;
using test::ScratchDirectory;
using test::ThreadBuilder;

RecordBuilder with_overflow() {
  RecordBuilder builder = test::two_accounts();
  ThreadBuilder deep(4, "deep");
  for (uint64_t i = 0; i < 100; ++i) deep.holds(ResourceKind::kMutex, 0x9000 + i);
  builder.add(deep);
  const RecordBuilder orders = test::two_orders();
  builder.orders = orders.orders;
  builder.witnesses = orders.witnesses;
  builder.origins = orders.origins;
  builder.links = orders.links;
  builder.evidence = orders.evidence;
  return builder;
}

// True when it was read; false when it was refused in one line.
bool is_read(const std::string& path, Record* out = nullptr) {
  try {
    Record record = read_record(path);
    if (out != nullptr) *out = std::move(record);
    return true;
  } catch (const RecordError& e) {
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos);
    return false;
  }
}

TEST(DamagedRecord, IsReadWholeOrRefusedWhereverItIsCut) {
  ScratchDirectory scratch;
  const std::string path = scratch.file("cut.flight");
  with_overflow().write(path);
  Record whole;
  ASSERT_TRUE(is_read(path, &whole));

  std::vector<uint64_t> sizes;
  for (uint64_t size = 0; size <= kEndOffset; size += 4096) sizes.push_back(size);
  for (uint64_t size = 1; size < 9000; size += 37) sizes.push_back(size);
  for (const uint64_t edge :
       {kModuleOffset, kFindingOffset, kBucketOffset, kThreadOffset, kResourceOffset, kOverflowOffset,
        kOrderOffset, kWitnessOffset, kOriginOffset, kLinkOffset, kEvidenceOffset, kRaceOffset, kEndOffset}) {
    for (const uint64_t size : {edge - 1, edge + 1, edge + 71, edge + 4095}) sizes.push_back(size);
  }
  std::sort(sizes.rbegin(), sizes.rend());

  // Shrinking only: what is cut off does not come back.
  bool refused = false;
  for (const uint64_t size : sizes) {
    if (size > kEndOffset) continue;
    std::filesystem::resize_file(path, size);
    Record cut;
    const bool read = is_read(path, &cut);
    EXPECT_FALSE(read && refused) << "a longer one was refused; size " << size;
    refused = !read;
    if (!read) continue;
    ASSERT_EQ(cut.threads.size(), whole.threads.size());
    EXPECT_EQ(cut.threads[3].entries.size(), 100u);
    EXPECT_EQ(cut.resources.size(), whole.resources.size());
    EXPECT_EQ(cut.findings.size(), whole.findings.size());
    EXPECT_EQ(cut.orders.size(), whole.orders.size());
    EXPECT_EQ(cut.evidence.size(), whole.evidence.size());
  }
  EXPECT_TRUE(refused);
}

TEST(DamagedRecord, SaysHowMuchIsMissing) {
  ScratchDirectory scratch;
  const std::string path = scratch.file("cut.flight");
  with_overflow().write(path);
  std::filesystem::resize_file(path, kThreadOffset + 4096);
  try {
    read_record(path);
    FAIL() << "was read";
  } catch (const RecordError& e) {
    EXPECT_NE(std::string(e.what()).find("cut short"), std::string::npos) << e.what();
  }
}

TEST(DamagedRecord, SurvivesRandomBytes) {
  ScratchDirectory scratch;
  const std::string path = scratch.file("random.flight");
  with_overflow().write(path);
  const std::pair<uint64_t, uint64_t> used[] = {{kHeaderOffset, sizeof(Header)},
                                                {kModuleOffset, sizeof(ModuleRecord)},
                                                {kFindingOffset, sizeof(FindingRecord)},
                                                {kThreadOffset, 4 * sizeof(ThreadRecord)},
                                                {kResourceOffset, 2 * sizeof(ResourceRecord)},
                                                {kOverflowOffset, 52 * sizeof(Hold)},
                                                {kOrderOffset, 4 * sizeof(OrderNode)},
                                                {kWitnessOffset, 2 * sizeof(OrderWitness)},
                                                {kOriginOffset, 3 * sizeof(ThreadOrigin)},
                                                {kLinkOffset, 2 * sizeof(ThreadLink)},
                                                {kEvidenceOffset, 256},
                                                {kRaceOffset, 2 * sizeof(RaceRecord)}};
  for (uint32_t seed = 1; seed <= 300; ++seed) {
    std::mt19937 random(seed);
    std::vector<std::pair<uint64_t, char>> before;
    {
      std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
      for (int i = 0; i < 12; ++i) {
        const auto& [offset, size] = used[random() % std::size(used)];
        const uint64_t at = offset + random() % size;
        file.seekg(static_cast<std::streamoff>(at));
        before.emplace_back(at, static_cast<char>(file.get()));
        file.seekp(static_cast<std::streamoff>(at));
        file.put(static_cast<char>(random()));
      }
    }
    SCOPED_TRACE(seed);
    is_read(path);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    for (auto it = before.rbegin(); it != before.rend(); ++it) {
      file.seekp(static_cast<std::streamoff>(it->first));
      file.put(it->second);
    }
  }
  EXPECT_TRUE(is_read(path)) << "the damage was undone each time";
}

}  // namespace
}  // namespace gordian::record
