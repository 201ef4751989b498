#include "analyzer/capture/race_findings.h"

#include "analyzer/capture/claim.h"
#include "analyzer/capture/flight_capture.h"
#include "tests/unit/capture/fake_names.h"
#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

using record::RaceAccess;
using record::RaceMemory;
using record::RaceRecord;
using test::RecordBuilder;
using test::ThreadBuilder;

constexpr uint64_t kCounter = 0x4010;
constexpr uint64_t kHeldLock = 0x4040;
constexpr uint64_t kBlock = 0x8000;

// Thread 2, "worker", accesses at 0x1200; thread 3, "other", at 0x1300 and has ended since.
class RaceFindingsTest : public testing::Test {
 protected:
  RaceFindingsTest() {
    builder.add(ThreadBuilder(2, "worker"));
    builder.origin(3, "other", 0x1010);
    builder.add(test::make_module(0x1000, 0x5000, "/usr/bin/bank"));
    names.variable(kCounter, "counter");
    names.variable(kHeldLock, "journal_lock");
    names.code(0x1200, "add()", "bank.cpp", 12);
    names.code(0x1208, "add()", "bank.cpp", 12);
    names.code(0x1210, "run()", "bank.cpp", 40);
    names.code(0x1300, "take()", "bank.cpp", 21);
    names.code(0x1400, "open()", "bank.cpp", 33);
    names.code(0x1500, "lock_journal()", "bank.cpp", 51);
  }

  static RaceRecord race(uint64_t address = kCounter) {
    RaceRecord told{};
    told.published = 1;
    told.grade = static_cast<uint16_t>(record::Grade::kProven);
    told.by = record::RaceBy::kOrder;
    told.occurrences = 1;
    told.memory = RaceMemory::kGlobal;
    set_side(told.sides[0], 3, 1003, RaceAccess::kWrite, 0x1300, address);
    set_side(told.sides[1], 2, 1002, RaceAccess::kRead, 0x1200, address);
    told.sides[1].frame_count = 2;
    told.sides[1].frames[1].address = 0x1210;
    return told;
  }

  static void set_side(record::RaceSide& side, uint32_t serial, uint32_t tid, RaceAccess access, uint64_t pc,
                       uint64_t address) {
    side.serial = serial;
    side.tid = tid;
    side.access = access;
    side.address = address;
    side.size = 4;
    side.frame_count = 1;
    side.frames[0].address = pc;
  }

  std::vector<finding::Finding> find(const std::vector<RaceRecord>& races) {
    builder.races = races;
    test::ScratchDirectory scratch;
    builder.write(scratch.file("r"));
    const record::Record record = record::read_record(scratch.file("r"));
    const model::Snapshot snapshot = snapshot_of(record);
    const Scene scene(record, snapshot, names, python, 32);
    return race_findings(record, scene, names, 32);
  }

  finding::Finding find_one(const RaceRecord& race) {
    const std::vector<finding::Finding> all = find({race});
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? finding::Finding{} : all.front();
  }

  RecordBuilder builder;
  test::FakeNames names;
  PythonFrames python;
};

TEST_F(RaceFindingsTest, ARaceHasTwoStepsAndTheNameOfTheVariable) {
  const finding::Finding found = find_one(race());
  EXPECT_EQ(found.rule, finding::RuleId::kDataRace);
  EXPECT_EQ(found.grade, finding::Grade::kProven);
  EXPECT_EQ(found.summary,
            "take writes counter, and add reads it: nothing in this run puts one before the other.");
  ASSERT_EQ(found.cycle.size(), 2u);
  EXPECT_EQ(found.cycle[0].wait_mode, "write");
  EXPECT_EQ(found.cycle[1].wait_mode, "read");
  EXPECT_EQ(found.cycle[0].link, "access");
  EXPECT_EQ(found.cycle[0].thread.name, "other");
  EXPECT_EQ(found.cycle[1].thread.name, "worker");
  EXPECT_EQ(found.cycle[1].waits_for.stable, "counter");
  EXPECT_EQ(test::functions(found.cycle[1].waiting_at), "add() < run()");
  EXPECT_TRUE(found.grade_reason.empty());
}

TEST_F(RaceFindingsTest, ThoseWhoWroteFirstAndLastDoNotMatterToTheFingerprint) {
  RaceRecord turned = race();
  std::swap(turned.sides[0], turned.sides[1]);
  EXPECT_EQ(find_one(race()).fingerprint, find_one(turned).fingerprint);
}

TEST_F(RaceFindingsTest, WhatOneLineDoesInTwoWaysIsToldOnceAsItWasFirst) {
  RaceRecord writes = race();
  writes.sides[1].access = RaceAccess::kWrite;
  writes.sides[1].frames[0].address = 0x1208;
  writes.occurrences = 4;
  const std::vector<finding::Finding> all = find({race(), writes});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].cycle[1].wait_mode, "read");
  EXPECT_EQ(all[0].occurrences, 5u);
}

TEST_F(RaceFindingsTest, WhatWasSuspectedFirstAndCaughtLaterIsToldAsCaught) {
  RaceRecord suspected = race();
  suspected.by = record::RaceBy::kLockset;
  suspected.grade = static_cast<uint16_t>(record::Grade::kPossible);
  RaceRecord caught = race();
  caught.by = record::RaceBy::kCaught;
  const std::vector<finding::Finding> all = find({suspected, caught});
  ASSERT_EQ(all.size(), 1u);
  EXPECT_EQ(all[0].grade, finding::Grade::kProven);
  EXPECT_EQ(all[0].occurrences, 2u);
  EXPECT_EQ(find({caught, suspected})[0].grade, finding::Grade::kProven);
}

TEST_F(RaceFindingsTest, ABlockOfTheHeapIsNamedByWhereItWasAllocated) {
  RaceRecord told = race(kBlock + 8);
  told.memory = RaceMemory::kHeap;
  told.object = kBlock;
  told.object_size = 40;
  told.origin_frame_count = 1;
  told.origin[0].address = 0x1400;
  const finding::Finding found = find_one(told);
  EXPECT_EQ(found.cycle[0].waits_for.name, "the block of 40 bytes allocated at open (bank.cpp:33)");
  EXPECT_EQ(found.cycle[0].waits_for.stable, "block allocated at open");
}

TEST_F(RaceFindingsTest, TheStackOfAThreadIsNamedByTheThread) {
  RaceRecord told = race(kBlock);
  told.memory = RaceMemory::kStack;
  told.owner = 2;
  EXPECT_EQ(find_one(told).cycle[0].waits_for.name, "a variable on the stack of \"worker\"");
}

TEST_F(RaceFindingsTest, LocksThatWereHeldAreNamed) {
  RaceRecord told = race();
  told.sides[0].hold_count = 1;
  told.sides[0].holds[0].word = record::make_word(kHeldLock, record::ResourceKind::kMutex, 2);
  told.sides[0].holds[0].site = 0x1500;
  const finding::Finding found = find_one(told);
  ASSERT_EQ(found.cycle[0].holds.size(), 1u);
  EXPECT_EQ(found.cycle[0].holds[0].resource.name, "journal_lock");
  EXPECT_EQ(test::functions(found.cycle[0].holds[0].acquired_at), "lock_journal()");
  EXPECT_TRUE(found.cycle[1].holds.empty());
}

TEST_F(RaceFindingsTest, OneThatFreesIsGradedAndSaidSo) {
  RaceRecord told = race(kBlock);
  told.grade = static_cast<uint16_t>(record::Grade::kInferred);
  told.bits = record::kRaceLifetime;
  told.sides[1].access = RaceAccess::kFree;
  const finding::Finding found = find_one(told);
  EXPECT_EQ(found.grade, finding::Grade::kInferred);
  EXPECT_NE(found.summary.find("add frees the memory at 0x8000, and take writes it"), std::string::npos)
      << found.summary;
  EXPECT_FALSE(found.grade_reason.empty());
}

TEST_F(RaceFindingsTest, AnAtomicSideIsSaidToBeOne) {
  RaceRecord told = race();
  told.grade = static_cast<uint16_t>(record::Grade::kInferred);
  told.sides[0].is_atomic = 1;
  const finding::Finding found = find_one(told);
  EXPECT_NE(found.summary.find("take writes atomically counter"), std::string::npos) << found.summary;
  EXPECT_NE(found.grade_reason.find("atomic"), std::string::npos);
}

}  // namespace
}  // namespace gordian::capture
