#include "analyzer/capture/misuse_findings.h"

#include "analyzer/capture/claim.h"
#include "analyzer/capture/flight_capture.h"
#include "tests/unit/capture/fake_names.h"
#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

using record::ResourceKind;
using record::Rule;
using test::RecordBuilder;
using test::ThreadBuilder;

constexpr uint64_t kLock = 0x4010;
constexpr uint64_t kOther = 0x4040;
constexpr uint64_t kHeld = static_cast<uint64_t>(record::HoldStatus::kHeld);
constexpr uint64_t kAttempting = static_cast<uint64_t>(record::HoldStatus::kAttempting);

// Thread 2, "worker", calls at 0x1200; thread 3, "holder", took the lock at 0x1300 and may have ended since.
class MisuseTest : public testing::Test {
 protected:
  MisuseTest() {
    builder.add(ThreadBuilder(2, "worker"));
    builder.origin(3, "holder", 0x1010);
    builder.add(test::make_resource(ResourceKind::kMutex, kLock, 0x1300));
    builder.add(test::make_module(0x1000, 0x5000, "/usr/bin/bank"));
    names.variable(kLock, "journal_lock");
    names.code(0x1010, "hold(void*)", "bank.cpp", 5);
    names.code(0x1200, "release()", "bank.cpp", 12);
    names.code(0x1210, "run()", "bank.cpp", 40);
    names.code(0x1300, "take()", "bank.cpp", 21);
    told.published = 1;
    told.grade = static_cast<uint16_t>(record::Grade::kProven);
    told.member_count = 1;
    told.site = 0x1200;
    told.members[0].serial = 2;
    told.members[0].waits_for = kLock;
    told.members[0].kind = static_cast<uint8_t>(ResourceKind::kMutex);
  }

  static record::Hold hold(uint64_t address, ResourceKind kind, uint64_t site, uint64_t status) {
    record::Hold hold{};
    hold.word = record::make_word(address, kind, status);
    hold.site = site;
    hold.generation = 1;
    return hold;
  }

  void held_by_other(uint64_t status = kHeld, ResourceKind kind = ResourceKind::kMutex) {
    told.members[0].held_by_serial = 3;
    told.members[0].held_by_tid = 1003;
    keep({hold(kLock, kind, 0x1300, status)});
  }

  void keep(const std::vector<record::Hold>& holds) {
    told.evidence = builder.keep_evidence({{0x9000, 0x7000}, {0x1200, 0x7040}, {0x1210, 0x7080}}, holds);
  }

  finding::Finding find(Rule rule) {
    told.rule = static_cast<uint16_t>(rule);
    builder.add(told);
    test::ScratchDirectory scratch;
    builder.write(scratch.file("r"));
    const record::Record record = record::read_record(scratch.file("r"));
    const model::Snapshot snapshot = snapshot_of(record);
    EXPECT_TRUE(claims_told(record, snapshot).empty()) << "a wrong call is no claim about waits";
    const Scene scene(record, snapshot, names, python, 32);
    const std::vector<finding::Finding> all = misuse_findings(record, scene, names, 32);
    EXPECT_EQ(all.size(), 1u);
    return all.empty() ? finding::Finding{} : all.front();
  }

  RecordBuilder builder;
  record::FindingRecord told{};
  test::FakeNames names;
  PythonFrames python;
};

TEST_F(MisuseTest, AnUnlockOfAFreeLockNamesNobody) {
  keep({});
  const finding::Finding finding = find(Rule::kUnlockNotHeld);
  EXPECT_EQ(finding.rule, finding::RuleId::kUnlockNotHeld);
  EXPECT_EQ(finding.grade, finding::Grade::kProven);
  EXPECT_EQ(finding.summary, "\"worker\" unlocks journal_lock, which nobody holds.");
  ASSERT_EQ(finding.cycle.size(), 1u);
  EXPECT_EQ(finding.cycle[0].held_by, "");
  EXPECT_EQ(finding.cycle[0].thread.tid, 1002u);
  EXPECT_EQ(test::functions(finding.cycle[0].waiting_at), "release() < run()");
  EXPECT_FALSE(finding.conditions.has_value());
  EXPECT_FALSE(finding.fix.empty());
}

TEST_F(MisuseTest, AHolderThatHasEndedSinceKeepsItsName) {
  held_by_other();
  const finding::Finding finding = find(Rule::kUnlockNotOwner);
  EXPECT_EQ(finding.summary, "\"worker\" unlocks journal_lock, which \"holder\" holds.");
  EXPECT_EQ(finding.cycle[0].held_by, "\"holder\" (tid 1003)");
  EXPECT_EQ(finding.cycle[0].link, "owner");
  ASSERT_EQ(finding.cycle[0].holds.size(), 1u);
  EXPECT_EQ(test::functions(finding.cycle[0].holds[0].acquired_at), "take()");
}

TEST_F(MisuseTest, WhatTheLockDoesNotSayIsGivenAsTheReason) {
  told.grade = static_cast<uint16_t>(record::Grade::kInferred);
  held_by_other();
  const finding::Finding finding = find(Rule::kUnlockNotOwner);
  EXPECT_NE(finding.grade_reason.find("\"holder\""), std::string::npos);
  EXPECT_EQ(finding.cycle[0].link, "observed holder");
}

TEST_F(MisuseTest, AnOwnerInAnotherProcessIsNamedByItsNumber) {
  told.members[0].held_by_tid = 77;
  keep({});
  EXPECT_EQ(find(Rule::kUnlockNotOwner).summary,
            "\"worker\" unlocks journal_lock, which thread 77 of another process holds.");
}

TEST_F(MisuseTest, TheWayInWhichALockEndsIsTold) {
  held_by_other();
  told.second = static_cast<uint64_t>(record::Ending::kFreed);
  EXPECT_EQ(find(Rule::kDestroyWhileHeld).summary,
            "\"worker\" frees the memory of journal_lock while \"holder\" holds it.");
}

TEST_F(MisuseTest, AnEndingThatDoesNotExistIsPassedOver) {
  held_by_other();
  told.second = 99;
  EXPECT_EQ(find(Rule::kDestroyWhileHeld).summary,
            "\"worker\" destroys journal_lock while \"holder\" holds it.");
}

TEST_F(MisuseTest, AThreadThatSleepsOnTheLockIsTheSecondStep) {
  held_by_other(kAttempting);
  const finding::Finding finding = find(Rule::kInitWhileHeld);
  ASSERT_EQ(finding.cycle.size(), 2u);
  EXPECT_EQ(finding.cycle[1].thread.name, "holder");
  EXPECT_EQ(test::functions(finding.cycle[1].waiting_at), "take()");
  EXPECT_TRUE(finding.cycle[0].holds.empty());
}

TEST_F(MisuseTest, AMismatchNamesBothMutexes) {
  told.members[0].kind = static_cast<uint8_t>(ResourceKind::kCondition);
  told.members[0].held_by_serial = 3;
  told.second_kind = static_cast<uint32_t>(ResourceKind::kMutex);
  told.second = kOther;
  names.variable(kLock, "changed");
  names.variable(kOther, "first_lock");
  names.variable(0x4070, "second_lock");
  keep({hold(kLock, ResourceKind::kCondition, 0x1300, kAttempting),
        hold(0x4070, ResourceKind::kMutex, 0x1300, kHeld)});
  EXPECT_EQ(find(Rule::kConditionMutexMismatch).summary,
            "\"worker\" waits on changed with second_lock while \"holder\" waits there with first_lock.");
}

TEST_F(MisuseTest, ALeftLockIsShownWhereItWasTaken) {
  told.members[0].held_by_serial = 2;
  keep({hold(kLock, ResourceKind::kMutex, 0x1300, kHeld)});
  const finding::Finding finding = find(Rule::kLockHeldAtExit);
  EXPECT_EQ(finding.summary, "\"worker\" has ended and still holds journal_lock.");
  EXPECT_EQ(test::functions(finding.cycle[0].waiting_at), "take()");
}

TEST_F(MisuseTest, AnInversionSaysHowBothAreScheduled) {
  held_by_other();
  told.second = record::pack_scheduling(1, 50, 0, 0);
  EXPECT_EQ(
      find(Rule::kPriorityInversion).summary,
      "\"worker\" (SCHED_FIFO, priority 50) waits for journal_lock, which \"holder\" (no real-time priority) "
      "holds and which lends no priority.");
}

TEST_F(MisuseTest, ALockThatHasEndedKeepsItsNameAndALaterOneDoesNotGetIt) {
  names = {};
  names.code(0x1100, "open_account()", "bank.cpp", 8);
  names.code(0x1300, "take()", "bank.cpp", 21);
  builder.resources[0].init_site = 0x1100;
  builder.resources[0].flags = record::kResourceEnded;
  held_by_other();
  EXPECT_EQ(find(Rule::kDestroyWhileHeld).cycle[0].waits_for.name,
            "mutex initialised at open_account (bank.cpp:8)");
}

TEST_F(MisuseTest, ALaterLockAtTheAddressIsNotTheOneThatWasMeant) {
  names = {};
  names.code(0x1100, "open_account()", "bank.cpp", 8);
  names.code(0x1300, "take()", "bank.cpp", 21);
  builder.resources[0].init_site = 0x1100;
  builder.resources[0].generation = 2;
  held_by_other();
  EXPECT_EQ(find(Rule::kDestroyWhileHeld).cycle[0].waits_for.name, "mutex seen at take (bank.cpp:21)");
}

TEST_F(MisuseTest, WithoutEvidenceTheSiteIsWhatIsLeft) {
  told.evidence = 4711;
  const finding::Finding finding = find(Rule::kUnlockNotHeld);
  EXPECT_EQ(test::functions(finding.cycle[0].waiting_at), "release()");
}

TEST_F(MisuseTest, TheFingerprintIsMadeOfNamesAlone) {
  held_by_other();
  const std::string before = find(Rule::kUnlockNotOwner).fingerprint;
  builder = {};
  builder.add(ThreadBuilder(7, "another"));
  builder.add(test::make_resource(ResourceKind::kMutex, kLock, 0x1300));
  told.members[0].serial = 7;
  held_by_other();
  EXPECT_EQ(find(Rule::kUnlockNotOwner).fingerprint, before);
}

TEST_F(MisuseTest, ARecordThatDoesNotSayWhoMadeTheCallIsRefused) {
  told.rule = static_cast<uint16_t>(Rule::kUnlockNotHeld);
  told.member_count = 0;
  builder.add(told);
  test::ScratchDirectory scratch;
  builder.write(scratch.file("r"));
  EXPECT_THROW(record::read_record(scratch.file("r")), record::RecordError);
}

TEST_F(MisuseTest, ASecondLockOfAKindThatDoesNotExistIsRefused) {
  told.rule = static_cast<uint16_t>(Rule::kWaitWithoutMutex);
  told.second_kind = 200;
  builder.add(told);
  test::ScratchDirectory scratch;
  builder.write(scratch.file("r"));
  EXPECT_THROW(record::read_record(scratch.file("r")), record::RecordError);
}

}  // namespace
}  // namespace gordian::capture
