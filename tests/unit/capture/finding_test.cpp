#include "analyzer/capture/findings.h"

#include "analyzer/capture/describe.h"
#include "analyzer/capture/evidence.h"
#include "tests/unit/capture/fake_names.h"
#include "tests/unit/contains.h"
#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

using record::Link;
using record::ResourceKind;
using test::RecordBuilder;
using test::ThreadBuilder;

// Reads what was built and puts it into words.
struct Told {
  explicit Told(const RecordBuilder& builder) {
    test::ScratchDirectory scratch;
    builder.write(scratch.file("r"));
    record = record::read_record(scratch.file("r"));
    snapshot = snapshot_of(record);
    claims = claims_told(record, snapshot);
  }
  Scene scene() { return {record, snapshot, names, python, 32}; }
  finding::Finding finding() { return finding_of(claims.at(0), scene()); }

  record::Record record;
  model::Snapshot snapshot;
  std::vector<Claim> claims;
  test::FakeNames names;
  PythonFrames python;
};

void name_accounts(test::FakeNames& names) {
  names.variable(0x4010, "accounts[0].lock");
  names.variable(0x4040, "accounts[1].lock");
  names.code(0x1100, "transfer(int, int)", "bank.cpp", 11);
  names.code(0x1200, "transfer(int, int)", "bank.cpp", 12);
  names.code(0x1300, "audit()", "bank.cpp", 21);
  names.code(0x1400, "audit()", "bank.cpp", 22);
}

verdict::Conditions all_four() {
  using verdict::Reason;
  return {{true, Reason::kAllExclusive, {}},
          {true, Reason::kEachHoldsAndWaits, {}},
          {true, Reason::kNoTimeout, {}},
          {true, Reason::kCycle, {}}};
}

using test::contains;

TEST(Finding, OfTwoAccountsNamesThreadsAndLocks) {
  Told told(test::two_accounts());
  name_accounts(told.names);
  const finding::Finding finding = told.finding();
  EXPECT_EQ(finding.rule, finding::RuleId::kDeadlock);
  EXPECT_EQ(finding.grade, finding::Grade::kProven);
  EXPECT_EQ(
      finding.summary,
      "2 threads wait for each other: \"worker-1\" holds accounts[0].lock and waits for accounts[1].lock; "
      "\"worker-2\" holds accounts[1].lock and waits for accounts[0].lock.");
  EXPECT_EQ(finding.grade_reason, "");
  EXPECT_TRUE(contains(finding.fix, "accounts[1].lock and accounts[0].lock in the same order"))
      << finding.fix;
  ASSERT_EQ(finding.cycle.size(), 2u);
  const finding::Step& step = finding.cycle[0];
  EXPECT_EQ(step.thread.name, "worker-1");
  EXPECT_EQ(step.thread.tid, 1002u);
  EXPECT_EQ(step.waits_for.name, "accounts[1].lock");
  EXPECT_EQ(step.held_by, "\"worker-2\" (tid 1003)");
  EXPECT_EQ(step.held_by_step, 1u);
  EXPECT_EQ(step.link, "owner");
  EXPECT_EQ(step.wait_mode, "exclusive");
  EXPECT_EQ(step.since_ms, 4u);
  EXPECT_EQ(test::functions(step.waiting_at), "transfer(int, int)");
  ASSERT_EQ(step.holds.size(), 1u);
  EXPECT_EQ(step.holds[0].resource.name, "accounts[0].lock");
  EXPECT_EQ(step.holds[0].acquired_at.at(0).line, 11u);
  EXPECT_EQ(finding.cycle[1].held_by_step, 0u);
}

TEST(Finding, CarriesTheEvidenceForEachCondition) {
  Told told(test::two_accounts());
  name_accounts(told.names);
  told.claims[0].conditions = all_four();
  const finding::FourConditions four = told.finding().conditions.value();
  EXPECT_EQ(four.mutual_exclusion.evidence,
            "While held, each of accounts[1].lock and accounts[0].lock admits no other thread.");
  EXPECT_EQ(four.hold_and_wait.evidence,
            "\"worker-1\" holds accounts[0].lock and waits for accounts[1].lock; "
            "\"worker-2\" holds accounts[1].lock and waits for accounts[0].lock.");
  EXPECT_EQ(four.no_preemption.evidence,
            "No wait among them has a timeout; nobody but its holder can release a lock.");
  EXPECT_EQ(four.circular_wait.evidence,
            "\"worker-1\" waits for \"worker-2\" and \"worker-2\" waits for \"worker-1\".");
  EXPECT_TRUE(four.circular_wait.holds);
}

TEST(Finding, EveryReasonHasASentence) {
  Told told(test::two_accounts());
  name_accounts(told.names);
  const Scene scene = told.scene();
  for (int reason = 0; reason <= static_cast<int>(verdict::Reason::kNoCycle); ++reason) {
    for (const model::ThreadIndex shown :
         {model::ThreadIndex{}, model::ThreadIndex{1}, model::ThreadIndex{0}}) {
      verdict::Conditions conditions = all_four();
      conditions.no_preemption = {false, static_cast<verdict::Reason>(reason), shown};
      const std::string text = evidence(conditions, told.claims[0], scene).no_preemption.evidence;
      EXPECT_GT(text.size(), 10u) << reason;
      EXPECT_EQ(text.back(), '.');
    }
  }
}

TEST(Finding, FingerprintDoesNotDependOnTheRun) {
  Told one(test::two_accounts());
  name_accounts(one.names);

  // The same program again: other addresses, tids, lines, start order, and the cycle was found from the other
  // end.
  RecordBuilder builder;
  builder.add(ThreadBuilder(7, "x")
                  .holds(ResourceKind::kMutex, 0x8040, 0x9300)
                  .waits(ResourceKind::kMutex, 0x8010, 0x9400));
  builder.add(ThreadBuilder(9, "y")
                  .holds(ResourceKind::kMutex, 0x8010, 0x9100)
                  .waits(ResourceKind::kMutex, 0x8040, 0x9200));
  record::FindingRecord finding = test::two_accounts().findings[0];
  for (uint32_t i = 0; i < 2; ++i) {
    finding.members[i].slot = i;
    finding.members[i].serial = i == 0 ? 7 : 9;
    finding.members[i].held_by_serial = i == 0 ? 9 : 7;
    finding.members[i].waits_for = i == 0 ? 0x8010 : 0x8040;
  }
  builder.add(finding);
  Told other(builder);
  other.names.variable(0x8010, "accounts[0].lock");
  other.names.variable(0x8040, "accounts[1].lock");
  other.names.code(0x9100, "transfer(int, int)", "bank.cpp", 111);
  other.names.code(0x9200, "transfer(int, int)", "bank.cpp", 112);
  other.names.code(0x9300, "audit()", "bank.cpp", 121);
  other.names.code(0x9400, "audit()", "bank.cpp", 122);
  EXPECT_EQ(one.finding().fingerprint, other.finding().fingerprint);

  other.names.variable(0x8040, "accounts[2].lock");
  EXPECT_NE(one.finding().fingerprint, other.finding().fingerprint);
}

TEST(Finding, SaysWhenAThreadHasMovedOn) {
  RecordBuilder builder = test::two_accounts();
  builder.threads[1] = ThreadBuilder(2, "worker-1");
  Told told(builder);
  name_accounts(told.names);
  EXPECT_FALSE(told.claims[0].stands());
  const finding::Finding finding = told.finding();
  EXPECT_TRUE(contains(finding.grade_reason, "moved on")) << finding.grade_reason;
  EXPECT_TRUE(finding.cycle[0].waiting_at.empty());
  EXPECT_EQ(finding.cycle[0].waits_for.name, "accounts[1].lock");
}

TEST(Finding, SurvivesMembersThatNobodyKnows) {
  RecordBuilder builder = test::two_accounts();
  builder.findings[0].members[0].serial = 99;
  builder.findings[0].members[1].held_by_serial = 98;
  builder.findings[0].members[1].link = static_cast<uint8_t>(Link::kEnded);
  builder.findings[0].members[1].held_by_tid = 555;
  Told told(builder);
  const finding::Finding finding = told.finding();
  EXPECT_EQ(finding.cycle[0].thread.name, "a thread that has ended");
  EXPECT_EQ(finding.cycle[1].held_by, "a thread (tid 555)");
  EXPECT_FALSE(finding.cycle[1].held_by_step.has_value());
}

TEST(Finding, OfAnAbandonedLockNamesTheThreadThatEnded) {
  RecordBuilder builder = test::two_accounts();
  builder.threads[2] =
      ThreadBuilder(3, "gone").state(record::ThreadState::kEnded).holds(ResourceKind::kMutex, 0x4040, 0x1300);
  builder.findings[0].rule = static_cast<uint16_t>(record::Rule::kAbandonedLock);
  builder.findings[0].member_count = 1;
  builder.findings[0].members[0].link = static_cast<uint8_t>(Link::kEnded);
  Told told(builder);
  name_accounts(told.names);
  EXPECT_EQ(told.finding().summary,
            "\"worker-1\" waits for accounts[1].lock, held by \"gone\" (tid 1003), which has ended.");
}

TEST(Finding, OfAJoinNamesTheThread) {
  RecordBuilder builder = test::two_accounts();
  builder.threads[1] = ThreadBuilder(2, "worker-1")
                           .holds(ResourceKind::kMutex, 0x4010, 0x1100)
                           .waits(ResourceKind::kThread, 3, 0x1200);
  builder.findings[0].members[0].kind = static_cast<uint8_t>(ResourceKind::kThread);
  builder.findings[0].members[0].waits_for = 3;
  Told told(builder);
  name_accounts(told.names);
  const finding::Finding finding = told.finding();
  EXPECT_TRUE(
      contains(finding.summary, "\"worker-1\" holds accounts[0].lock and waits for the end of \"worker-2\""))
      << finding.summary;
  EXPECT_EQ(finding.cycle[0].waits_for.name, "thread \"worker-2\"");
  EXPECT_EQ(finding.cycle[0].waits_for.kind, "thread");
  EXPECT_TRUE(contains(finding.fix, "before joining"));
}

TEST(Finding, NamesTheInferredLink) {
  for (const Link link : {Link::kObservedHolder, Link::kSignaller, Link::kCouldSignal}) {
    RecordBuilder builder = test::two_accounts();
    builder.findings[0].members[1].link = static_cast<uint8_t>(link);
    Told told(builder);
    name_accounts(told.names);
    EXPECT_TRUE(contains(told.finding().grade_reason, "accounts[0].lock")) << told.finding().grade_reason;
  }
}

TEST(Finding, EveryRuleHasASummaryAndAFix) {
  for (uint16_t rule = 1; rule <= static_cast<uint16_t>(record::Rule::kLostWakeup); ++rule) {
    for (uint8_t kind = 1; kind <= static_cast<uint8_t>(ResourceKind::kFutex); ++kind) {
      RecordBuilder builder = test::two_accounts();
      builder.findings[0].rule = rule;
      builder.findings[0].members[0].kind = kind;
      Told told(builder);
      const finding::Finding finding = told.finding();
      EXPECT_GT(finding.summary.size(), 20u);
      EXPECT_EQ(finding.summary.find('\n'), std::string::npos);
      EXPECT_GT(finding.fix.size(), 20u);
    }
  }
}

TEST(Finding, ThreadsOfOneNameAreToldApartByTid) {
  RecordBuilder builder = test::two_accounts();
  std::memcpy(builder.threads[2].thread.name, "worker-1", 9);
  Told told(builder);
  name_accounts(told.names);
  EXPECT_TRUE(contains(told.finding().summary, "\"worker-1\" (tid 1002) holds")) << told.finding().summary;
}

TEST(Finding, JudgedFromADeadRecordIsInferredUnlessItRestsOnOwnership) {
  Told told(test::two_accounts(false));
  verdict::Verdict verdict;
  verdict.rule = record::Rule::kDeadlock;
  verdict.grade = record::Grade::kProven;
  verdict.members = {{{1}, {2}, Link::kOwner}, {{2}, {1}, Link::kOwner}};
  EXPECT_EQ(claim_of(verdict, told.snapshot).grade, record::Grade::kProven);
  verdict.members[1].link = Link::kObservedHolder;
  EXPECT_EQ(claim_of(verdict, told.snapshot).grade, record::Grade::kInferred);
  verdict.members[1].link = Link::kOwner;
  verdict.rule = record::Rule::kGlobalStall;
  EXPECT_EQ(claim_of(verdict, told.snapshot).grade, record::Grade::kInferred);
}

TEST(Description, TellsOfProgramThreadsAndWhatWasNotSeen) {
  RecordBuilder builder = test::two_accounts();
  builder.modules[0].build_id_size = 2;
  builder.modules[0].build_id[0] = 0xab;
  builder.modules[0].build_id[1] = 0x01;
  builder.header.unseen[static_cast<size_t>(record::Unseen::kRawFutex)] = 12;
  builder.threads[1].thread.start_routine = 0x2000;
  builder.threads[2].thread.start_routine = 0x2100;
  Told told(builder);
  name_accounts(told.names);
  told.names.code(0x2000, "work(void*)");
  told.names.code(0x2100, "execute_native_thread_routine", "", 0, "/usr/lib/libstdc++.so.6");
  told.python.by_tid[1003] = {finding::Frame{0, "", 0, "audit", "bank.py", 3, 0, false, "python"}};
  const ProcessView view = describe(told.record, told.claims, told.scene());
  EXPECT_EQ(view.report.program.path, "/usr/bin/bank");
  EXPECT_EQ(view.report.program.arguments, (std::vector<std::string>{"bank", "--fast", "2"}));
  EXPECT_EQ(view.report.program.build_id, "ab01");
  EXPECT_EQ(view.report.program.started, "2023-11-14T22:13:20Z");
  ASSERT_EQ(view.report.unseen.size(), 1u);
  EXPECT_EQ(view.report.unseen[0].count, 12u);
  EXPECT_FALSE(view.report.unseen[0].consequence.empty());
  ASSERT_EQ(view.threads.size(), 3u);
  EXPECT_EQ(view.threads[0].state, "running");
  EXPECT_EQ(view.threads[1].state, "waiting");
  EXPECT_EQ(view.threads[1].thread.started_at, "work");
  EXPECT_EQ(view.threads[2].thread.started_at, "") << "libstdc++'s own routine says nothing";
  EXPECT_EQ(view.threads[1].wait->held_by, "\"worker-2\" (tid 1003)");
  EXPECT_EQ(view.threads[1].holds.at(0).resource.name, "accounts[0].lock");
  EXPECT_EQ(test::functions(view.threads[2].wait->waiting_at), "audit < audit()")
      << "Python's frames come first";
  EXPECT_EQ(view.report.findings.size(), 1u);
}

}  // namespace
}  // namespace gordian::capture
