// Lock orders of a record as findings: names, stacks, sentences, classes.
#include "analyzer/capture/order_report.h"

#include "analyzer/capture/describe.h"
#include "analyzer/capture/findings.h"
#include "analyzer/finding/fingerprint.h"
#include "tests/unit/capture/fake_names.h"
#include "tests/unit/contains.h"
#include "tests/unit/record_builder.h"

namespace gordian::capture {
namespace {

using record::ResourceKind;
using test::functions;
using test::RecordBuilder;
using test::ThreadBuilder;

using test::contains;

// Reads what was built and reports its lock orders.
class Ordered {
 public:
  explicit Ordered(const RecordBuilder& builder) {
    test::ScratchDirectory scratch;
    builder.write(scratch.file("r"));
    record = record::read_record(scratch.file("r"));
    snapshot = snapshot_of(record);
    for (uint64_t i = 0; i < 2; ++i) {
      names.code(0x1100 + 0x200 * i, i == 0 ? "transfer(int, int)" : "audit()", "bank.cpp", 11 + 10 * i);
      names.code(0x1200 + 0x200 * i, i == 0 ? "transfer(int, int)" : "audit()", "bank.cpp", 12 + 10 * i);
    }
    names.code(0x1010, "work(void*)");
    names.code(0x1080, "run()", "bank.cpp", 40);
    names.code(0x1f00, "hook", "", 0, "/lib/libgordian-hooks.so");
  }

  finding::Report report() {
    const std::vector<Claim> claims = claims_told(record, snapshot);
    OrderReport orders(record, claims, names, 16);
    const Scene scene(record, snapshot, names, python, 16, orders.sightings());
    finding::Report result;
    for (const Claim& claim : claims) result.findings.push_back(finding_of(claim, scene));
    orders.add_to(result, scene);
    return result;
  }
  finding::Finding only() {
    const finding::Report all = report();
    EXPECT_EQ(all.findings.size(), 1u);
    return all.findings.empty() ? finding::Finding{} : all.findings.front();
  }

  record::Record record;
  model::Snapshot snapshot;
  test::FakeNames names;
  PythonFrames python;
};

Ordered two_orders() {
  Ordered ordered(test::two_orders());
  ordered.names.variable(0x4010, "accounts[0].lock");
  ordered.names.variable(0x4040, "accounts[1].lock");
  return ordered;
}

TEST(OrderFinding, NamesThreadsLocksAndStacks) {
  const finding::Finding finding = two_orders().only();
  EXPECT_EQ(finding.rule, finding::RuleId::kLockOrderInversion);
  EXPECT_EQ(finding.grade, finding::Grade::kPossible);
  EXPECT_EQ(finding.summary,
            "\"worker-1\" takes accounts[0].lock and then accounts[1].lock, "
            "\"worker-2\" takes accounts[1].lock and then accounts[0].lock.");
  EXPECT_TRUE(contains(finding.grade_reason, "It did not happen in this run")) << finding.grade_reason;
  EXPECT_TRUE(contains(finding.fix, "Take accounts[1].lock and accounts[0].lock in the same order"));
  EXPECT_EQ(finding.pid, 0x7ffffff0u);
  ASSERT_EQ(finding.cycle.size(), 2u);
  const finding::Step& step = finding.cycle[0];
  EXPECT_EQ(step.thread.name, "worker-1");
  EXPECT_EQ(step.thread.tid, 1002u) << "it has ended, and its origin is kept";
  EXPECT_EQ(step.thread.started_at, "work");
  EXPECT_EQ(step.waits_for.name, "accounts[1].lock");
  EXPECT_EQ(step.wait_mode, "exclusive");
  EXPECT_EQ(step.link, "order");
  EXPECT_EQ(step.held_by, "\"worker-2\" (tid 1003)");
  EXPECT_EQ(step.held_by_step, 1u);
  EXPECT_EQ(functions(step.waiting_at), "transfer(int, int) < run()");
  EXPECT_EQ(step.waiting_at[0].line, 12u);
  ASSERT_EQ(step.holds.size(), 1u);
  EXPECT_EQ(step.holds[0].resource.name, "accounts[0].lock");
  EXPECT_EQ(functions(step.holds[0].acquired_at), "transfer(int, int) < run()")
      << "the rest of the stack is read off the attempt's";
  EXPECT_EQ(step.holds[0].acquired_at[0].line, 11u);
}

TEST(OrderFinding, HasASentenceForEachCondition) {
  const finding::FourConditions four = two_orders().only().conditions.value();
  EXPECT_EQ(four.mutual_exclusion.evidence,
            "While held, each of accounts[1].lock and accounts[0].lock admits no other thread.");
  EXPECT_EQ(four.hold_and_wait.evidence,
            "\"worker-1\" holds accounts[0].lock and asks for accounts[1].lock; "
            "\"worker-2\" holds accounts[1].lock and asks for accounts[0].lock.");
  EXPECT_EQ(four.no_preemption.evidence,
            "None of these attempts has a timeout; nobody but its holder can release a lock.");
  EXPECT_EQ(
      four.circular_wait.evidence,
      "Would be closed when \"worker-1\" has accounts[0].lock and \"worker-2\" has accounts[1].lock, and "
      "each then asks for what the next one has.");
  EXPECT_TRUE(four.mutual_exclusion.holds && four.hold_and_wait.holds && four.no_preemption.holds &&
              four.circular_wait.holds);
}

// The same cycle, caught and not caught: but for the rule, the fingerprint is made of the same strings.
TEST(OrderFinding, OfACycleThatWasToldAsADeadlockIsNotToldAgain) {
  RecordBuilder hanging = test::two_accounts();
  const RecordBuilder orders = test::two_orders();
  hanging.orders = orders.orders;
  hanging.witnesses = orders.witnesses;
  hanging.origins = orders.origins;
  hanging.links = orders.links;
  hanging.evidence = orders.evidence;
  EXPECT_EQ(Ordered(hanging).only().rule, finding::RuleId::kDeadlock);
  hanging.findings[0].members[0].waits_for = 0x5555;
  EXPECT_EQ(Ordered(hanging).report().findings.size(), 2u) << "another lock";
}

// After a hang nobody may know where a lock was taken, so a deadlock does without.
TEST(OrderFinding, FingerprintIsTheDeadlocksWithRuleAndTakingFunctions) {
  const finding::Finding inversion = two_orders().only();
  Ordered hanging(test::two_accounts());
  hanging.names.variable(0x4010, "accounts[0].lock");
  hanging.names.variable(0x4040, "accounts[1].lock");
  const finding::Finding deadlock = hanging.only();
  const std::vector<finding::FingerprintStep> steps = {{"accounts[1].lock", "audit", "transfer"},
                                                       {"accounts[0].lock", "transfer", "audit"}};
  const std::vector<finding::FingerprintStep> hung = {{"accounts[1].lock", "", "transfer"},
                                                      {"accounts[0].lock", "", "audit"}};
  EXPECT_EQ(deadlock.fingerprint, finding::fingerprint("deadlock", hung, true));
  EXPECT_EQ(inversion.fingerprint, finding::fingerprint("lock-order-inversion", steps, true));
}

TEST(OrderFinding, TellsWhatElseIsHeldAfterTheLockOfTheCycle) {
  RecordBuilder builder = test::two_orders();
  builder.add(test::make_resource(ResourceKind::kRwlock, 0x4080));
  const uint32_t outer = builder.order(0, ResourceKind::kRwlock, 2, 0x1100, record::kOrderShared);
  const uint32_t first = builder.order(outer, ResourceKind::kMutex, 0, 0x1100);
  const uint32_t inner = builder.order(first, ResourceKind::kRwlock, 2, 0x1100, record::kOrderShared);
  const uint32_t last = builder.order(inner, ResourceKind::kMutex, 1, 0x1200);
  builder.witness(last, 2);
  builder.orders[1].witnesses = 0;
  builder.orders[1].kind = 0;
  Ordered ordered(builder);
  ordered.names.variable(0x4010, "a");
  ordered.names.variable(0x4040, "b");
  ordered.names.variable(0x4080, "table");
  const finding::Finding finding = ordered.only();
  const auto& holds = finding.cycle[0].holds;
  ASSERT_EQ(holds.size(), 3u);
  EXPECT_EQ(holds[0].resource.name, "a");
  EXPECT_EQ(holds[1].resource.name, "table");
  EXPECT_EQ(holds[1].mode, "shared");
  EXPECT_EQ(holds[2].resource.name, "table");
}

TEST(OrderFinding, RuledOutByAGuardNamesItAndFailsTheCircularWait) {
  RecordBuilder builder = test::two_orders();
  builder.add(test::make_resource(ResourceKind::kMutex, 0x4080));
  builder.orders.clear();
  builder.witnesses.clear();
  for (uint32_t i = 0; i < 2; ++i) {
    const uint32_t guard = builder.order(0, ResourceKind::kMutex, 2, 0x1100);
    const uint32_t first = builder.order(guard, ResourceKind::kMutex, i, 0x1100);
    builder.witness(builder.order(first, ResourceKind::kMutex, 1 - i, 0x1200), 2 + i);
  }
  Ordered ordered(builder);
  ordered.names.variable(0x4010, "a");
  ordered.names.variable(0x4040, "b");
  ordered.names.variable(0x4080, "bank.lock");
  const finding::Finding finding = ordered.only();
  EXPECT_EQ(finding.grade, finding::Grade::kUnlikely);
  EXPECT_EQ(finding.grade_reason,
            "Both ways are gone with bank.lock held, so that no two threads are there together.");
  EXPECT_FALSE(finding.conditions->circular_wait.holds);
  EXPECT_TRUE(contains(finding.conditions->circular_wait.evidence, "with bank.lock held"));
  EXPECT_TRUE(finding.conditions->mutual_exclusion.holds);
}

TEST(OrderFinding, RuledOutByOneThreadOrByThreadOrderNamesThem) {
  RecordBuilder builder = test::two_orders();
  builder.witnesses[1].serial = 2;
  EXPECT_TRUE(contains(Ordered(builder).only().grade_reason, "\"worker-1\" goes two of these ways"));
  builder = test::two_orders();
  builder.links.push_back({2, UINT32_MAX, 3, 0});
  const finding::Finding ordered = Ordered(builder).only();
  EXPECT_EQ(ordered.grade, finding::Grade::kUnlikely);
  EXPECT_TRUE(contains(ordered.grade_reason, "\"worker-1\" has passed there before \"worker-2\" comes"));
}

TEST(OrderFinding, RuledOutByATimeoutFailsNoPreemption) {
  RecordBuilder builder = test::two_orders();
  builder.orders[3].bits |= record::kOrderTimed;
  const finding::Finding finding = Ordered(builder).only();
  EXPECT_EQ(finding.grade, finding::Grade::kUnlikely);
  EXPECT_FALSE(finding.conditions->no_preemption.holds);
  EXPECT_TRUE(finding.conditions->circular_wait.holds);
}

TEST(OrderFinding, OfReadersAndSpareUnitsFailsMutualExclusion) {
  RecordBuilder builder = test::two_orders();
  for (record::ResourceRecord& resource : builder.resources)
    resource.kind = static_cast<uint8_t>(ResourceKind::kRwlock);
  for (record::OrderNode& node : builder.orders) {
    node.kind = static_cast<uint8_t>(ResourceKind::kRwlock);
    node.bits |= record::kOrderShared;
  }
  EXPECT_FALSE(Ordered(builder).only().conditions->mutual_exclusion.holds);

  RecordBuilder units = test::two_orders();
  units.resources[0].kind = static_cast<uint8_t>(ResourceKind::kSemaphore);
  units.resources[0].initial_value = 3;
  units.orders[0].kind = units.orders[3].kind = static_cast<uint8_t>(ResourceKind::kSemaphore);
  const finding::Finding finding = Ordered(units).only();
  EXPECT_FALSE(finding.conditions->mutual_exclusion.holds);
  EXPECT_TRUE(contains(finding.grade_reason, "semaphore of 3 units")) << finding.grade_reason;
  units.resources[0].initial_value = 1;
  EXPECT_EQ(Ordered(units).only().grade, finding::Grade::kPossible);
  units.resources[0].signals = 1;
  EXPECT_TRUE(Ordered(units).report().findings.empty()) << "somebody else posts it";
  units.resources[0].signals = 0;
  units.resources[0].generation = 2;
  EXPECT_TRUE(Ordered(units).report().findings.empty()) << "what it was used for then is forgotten";
}

TEST(OrderFinding, OfALockThatOthersGiveBackIsNone) {
  RecordBuilder builder = test::two_orders();
  builder.resources[1].flags = record::kResourceReleasedByOther;
  EXPECT_TRUE(Ordered(builder).report().findings.empty());
}

TEST(OrderFinding, OfAJoinUnderALock) {
  RecordBuilder builder = test::two_orders();
  builder.orders.clear();
  builder.witnesses.clear();
  const uint32_t held = builder.order(0, ResourceKind::kMutex, 0, 0x1100);
  builder.witness(builder.order(held, ResourceKind::kThread, 3, 0x1200, record::kOrderAttempted, 0), 2);
  builder.witness(builder.order(0, ResourceKind::kMutex, 0, 0x1300), 3);
  Ordered ordered(builder);
  ordered.names.variable(0x4010, "table");
  const finding::Finding finding = ordered.only();
  EXPECT_EQ(finding.grade, finding::Grade::kPossible);
  EXPECT_EQ(finding.summary,
            "\"worker-1\" takes table and then waits for the end of \"worker-2\", \"worker-2\" takes table.");
  EXPECT_EQ(finding.cycle[0].waits_for.kind, "thread");
  EXPECT_EQ(finding.cycle[0].waits_for.stable, "thread work");
  ASSERT_EQ(finding.cycle[1].holds.size(), 1u);
  EXPECT_EQ(finding.cycle[1].holds[0].resource.kind, "thread") << "it holds its own end";
  EXPECT_TRUE(contains(finding.fix, "before joining"));
  EXPECT_EQ(finding.conditions->circular_wait.evidence,
            "Would be closed when \"worker-1\" has table and \"worker-2\" still runs, and each then asks for "
            "what the next one has.");
}

TEST(OrderFinding, ClassMatesAreOneFindingTheStrongestWithTheNumberOfAll) {
  RecordBuilder builder = test::two_orders();
  // The same two functions over other pairs on the heap; the last pair by one thread alone.
  for (uint32_t pair = 1; pair < 5; ++pair) {
    for (uint32_t i = 0; i < 2; ++i)
      builder.add(test::make_resource(ResourceKind::kMutex, 0x9000 + 0x100 * pair + 0x40 * i, 0x1100));
    for (uint32_t i = 0; i < 2; ++i) {
      const uint64_t site = i == 0 ? 0x1100 : 0x1300;
      const uint32_t first = builder.order(0, ResourceKind::kMutex, 2 * pair + i, site);
      builder.witness(builder.order(first, ResourceKind::kMutex, 2 * pair + 1 - i, site + 0x100),
                      pair == 4 ? 2 : 2 + i);
    }
  }
  Ordered ordered(builder);
  const finding::Finding finding = ordered.only();
  EXPECT_EQ(finding.grade, finding::Grade::kPossible);
  EXPECT_EQ(finding.occurrences, 5u);
  EXPECT_EQ(ordered.report().lock_order.edges.size(), 2u) << "by names and call sites, not by instances";
}

TEST(OrderFinding, ALockThatHasEndedIsNamedAsLongAsItsRecordTellsOfItsLife) {
  RecordBuilder builder = test::two_orders();
  builder.resources[0].flags = record::kResourceEnded;
  builder.resources[0].init_site = 0x1080;
  EXPECT_EQ(Ordered(builder).only().cycle[1].waits_for.stable, "mutex initialised at run");
  builder.resources[0].generation = 2;
  const finding::ResourceName forgotten = Ordered(builder).only().cycle[1].waits_for;
  EXPECT_EQ(forgotten.stable, "mutex");
  EXPECT_TRUE(contains(forgotten.name, "mutex seen at")) << forgotten.name;
}

TEST(OrderFinding, ALockOfTheSceneHasOneNameEverywhere) {
  RecordBuilder builder = test::two_orders();
  builder.add(ThreadBuilder(7, "late").holds(ResourceKind::kMutex, 0x4040, 0x1300));
  builder.add(test::make_resource(ResourceKind::kMutex, 0x4090, 0x1300));
  builder.add(ThreadBuilder(8, "later").holds(ResourceKind::kMutex, 0x4090, 0x1300));
  Ordered ordered(builder);
  OrderReport orders(ordered.record, {}, ordered.names, 16);
  const Scene scene(ordered.record, ordered.snapshot, ordered.names, ordered.python, 16, orders.sightings());
  finding::Report report;
  orders.add_to(report, scene);
  EXPECT_EQ(report.findings.at(0).cycle[0].waits_for.name,
            scene.resource_name({ResourceKind::kMutex, 0x4040}).name);
  EXPECT_NE(scene.resource_name({ResourceKind::kMutex, 0x4040}).name,
            scene.resource_name({ResourceKind::kMutex, 0x4090}).name);
}

TEST(OrderFinding, WithoutEvidenceTheCallItselfIsTheStack) {
  RecordBuilder builder = test::two_orders();
  for (record::OrderNode& node : builder.orders) node.evidence = 0;
  EXPECT_EQ(functions(Ordered(builder).only().cycle[0].waiting_at), "transfer(int, int)");
  builder = test::two_orders();
  builder.orders[0].evidence_hold = 9;
  EXPECT_EQ(functions(Ordered(builder).only().cycle[0].holds[0].acquired_at), "transfer(int, int)");
}

TEST(OrderFinding, TheRestOfTooManyIsCounted) {
  RecordBuilder builder = test::two_orders();
  Ordered ordered(builder);
  builder.orders.clear();
  builder.witnesses.clear();
  builder.resources.clear();
  for (uint32_t pair = 0; pair < kMostOrderFindings + 20; ++pair) {
    for (uint32_t i = 0; i < 2; ++i)
      builder.add(test::make_resource(ResourceKind::kMutex, 0x10000 + 0x100 * pair + 0x40 * i));
    for (uint32_t i = 0; i < 2; ++i) {
      const uint32_t first = builder.order(0, ResourceKind::kMutex, 2 * pair + i, 0x1100);
      builder.witness(builder.order(first, ResourceKind::kMutex, 2 * pair + 1 - i, 0x1200), 2 + i);
    }
  }
  Ordered many(builder);
  for (uint32_t pair = 0; pair < kMostOrderFindings + 20; ++pair)
    many.names.variable(0x10000 + 0x100 * pair, "lock" + std::to_string(pair));
  const finding::Report report = many.report();
  EXPECT_EQ(report.findings.size(), kMostOrderFindings);
  ASSERT_EQ(report.unseen.size(), 1u);
  EXPECT_EQ(report.unseen[0].count, 20u);
}

TEST(OrderEdges, TellWhoTookWhatUnderWhat) {
  RecordBuilder builder = test::two_orders();
  builder.add(test::make_resource(ResourceKind::kRwlock, 0x4080));
  const uint32_t guard = builder.order(0, ResourceKind::kRwlock, 2, 0x1080, record::kOrderShared);
  const uint32_t first = builder.order(guard, ResourceKind::kMutex, 0, 0x1100);
  const uint32_t second = builder.order(first, ResourceKind::kMutex, 1, 0x1200);
  builder.witness(second, 3);
  builder.add(test::make_resource(ResourceKind::kMutex, 0x40c0));
  builder.witness(builder.order(second, ResourceKind::kMutex, 3, 0x1080), 3);
  Ordered ordered(builder);
  ordered.names.variable(0x4010, "a");
  ordered.names.variable(0x4040, "b");
  ordered.names.variable(0x4080, "table");
  ordered.names.variable(0x40c0, "last");
  const finding::LockOrder orders = ordered.report().lock_order;
  EXPECT_EQ(orders.edges_not_shown, 0u);
  std::vector<std::string> texts;
  for (const finding::OrderEdge& edge : orders.edges)
    texts.push_back(edge.from.stable + ' ' + edge.from_mode + " > " + edge.to.stable + ' ' + edge.to_mode);
  EXPECT_EQ(texts, (std::vector<std::string>{"a exclusive > b exclusive", "b exclusive > a exclusive",
                                             "b exclusive > last exclusive", "table shared > a exclusive"}));
  const finding::OrderEdge& edge = orders.edges[0];
  EXPECT_EQ(edge.contexts, 2u);
  EXPECT_TRUE(edge.guards.empty()) << "not in every sighting";
  EXPECT_EQ(edge.threads, (std::vector<std::string>{"worker-1", "worker-2"}));
  EXPECT_EQ(functions(edge.attempted_at), "transfer(int, int) < run()");
  EXPECT_EQ(orders.edges[2].guards, (std::vector<std::string>{"a", "table"}));
  EXPECT_TRUE(orders.edges[3].guards.empty());
}

TEST(OrderUnseen, EveryKindHasWords) {
  RecordBuilder builder = test::two_orders();
  for (const record::Unseen what : {record::Unseen::kOrders, record::Unseen::kOrderWitnesses,
                                    record::Unseen::kThreadOrder, record::Unseen::kEvidence})
    builder.header.unseen[static_cast<size_t>(what)] = 2;
  Ordered ordered(builder);
  const Scene scene(ordered.record, ordered.snapshot, ordered.names, ordered.python, 16);
  const std::vector<finding::Unseen> unseen = describe(ordered.record, {}, scene).report.unseen;
  ASSERT_EQ(unseen.size(), 4u);
  for (const finding::Unseen& each : unseen) EXPECT_FALSE(contains(each.what, "does not know")) << each.what;
  EXPECT_TRUE(contains(ordered.only().grade_reason, "creations and joins were not recorded"));
}

}  // namespace
}  // namespace gordian::capture
