// A report with everything in it, for the tests of the renderers.
#pragma once

#include "analyzer/finding/finding.h"

namespace gordian::report {

inline finding::Frame make_frame(std::string function, std::string file, uint32_t line) {
  return {.address = 0x401000,
          .module = "/opt/bank/bank",
          .module_offset = 0x1000,
          .function = std::move(function),
          .file = std::move(file),
          .line = line,
          .column = 3};
}

inline finding::Finding make_deadlock() {
  finding::Step alice{
      .thread = {"alice", 102, 100, "transfer_loop()"},
      .waits_for = {"accounts[1].lock", "mutex", 0x7f0000001040, "accounts[1].lock"},
      .wait_mode = "exclusive",
      .held_by = "\"bob\" (tid 103)",
      .held_by_step = 1,
      .link = "owner",
      .since_ms = 523,
      .waiting_at = {make_frame("std::mutex::lock()", "/usr/include/c++/12/bits/std_mutex.h", 100),
                     make_frame("transfer(int, int)", "/opt/bank/bank.cpp", 41)},
      .holds = {{.resource = {"accounts[0].lock", "mutex", 0x7f0000001000, "accounts[0].lock"},
                 .mode = "exclusive",
                 .acquired_at = {make_frame("transfer(int, int)", "/opt/bank/bank.cpp", 40)}}}};
  finding::Step bob = alice;
  bob.thread = {"bob", 103, 100, ""};
  std::swap(bob.waits_for, bob.holds[0].resource);
  bob.held_by = "\"alice\" (tid 102)";
  bob.held_by_step = 0;
  bob.since_ms = 61'500;

  finding::Finding finding;
  finding.rule = finding::RuleId::kDeadlock;
  finding.grade = finding::Grade::kProven;
  finding.fingerprint = "5b1f0c9a";
  finding.summary = "2 threads wait for each other";
  finding.conditions =
      finding::FourConditions{.mutual_exclusion = {true, "both are mutexes"},
                              .hold_and_wait = {true, "each holds one and waits for the other"},
                              .no_preemption = {true, "no wait ends by itself"},
                              .circular_wait = {true, "alice, bob, alice"}};
  finding.cycle = {alice, bob};
  finding.fix = "Take accounts[0].lock before accounts[1].lock everywhere.";
  finding.pid = 100;
  return finding;
}

// The same cycle, which did not happen: what conflicting orders become.
inline finding::Finding make_inversion() {
  finding::Finding finding = make_deadlock();
  finding.rule = finding::RuleId::kLockOrderInversion;
  finding.grade = finding::Grade::kPossible;
  finding.fingerprint = "0681bd04d8eeadf7";
  finding.summary = "accounts[0].lock and accounts[1].lock are taken in conflicting orders";
  for (finding::Step& step : finding.cycle) {
    step.link = "order";
    step.since_ms = 0;
  }
  finding.schedule = {"\"alice\" takes accounts[0].lock", "\"bob\" takes accounts[1].lock"};
  return finding;
}

// A misuse: one step, and no conditions.
inline finding::Finding make_misuse() {
  finding::Finding finding;
  finding.rule = finding::RuleId::kUnlockNotOwner;
  finding.grade = finding::Grade::kProven;
  finding.fingerprint = "00112233445566aa";
  finding.summary = "\"bob\" unlocks queue_lock, which \"alice\" holds";
  finding.cycle = {{.thread = {"bob", 103, 100, ""},
                    .waits_for = {"queue_lock", "mutex", 0x7f0000002000, "queue_lock"},
                    .held_by = "\"alice\" (tid 102)",
                    .waiting_at = {make_frame("drain()", "/opt/bank/queue.cpp", 7)}}};
  finding.fix = "Unlock it in the thread that locked it.";
  finding.pid = 100;
  return finding;
}

inline finding::OrderEdge make_edge(const std::string& from, const std::string& to) {
  return {.from = {from, "mutex", 0x7f0000001000, from},
          .to = {to, "mutex", 0x7f0000001040, to},
          .from_mode = "exclusive",
          .to_mode = "exclusive",
          .acquired_at = {make_frame("transfer(int, int)", "/opt/bank/bank.cpp", 40)},
          .attempted_at = {make_frame("transfer(int, int)", "/opt/bank/bank.cpp", 41)},
          .guards = {},
          .threads = {"alice"},
          .contexts = 1};
}

inline finding::Report make_report() {
  finding::Report report;
  report.program = {.path = "/opt/bank/bank",
                    .arguments = {"./bank", "1000"},
                    .pid = 100,
                    .build_id = "abcd",
                    .started = "2026-01-02T03:04:05Z"};
  report.findings = {make_deadlock()};
  report.unseen = {
      {"raw futex waits", 3, "their holder cannot be known", "a deadlock through them is not told"}};
  return report;
}

// A report that has one of each kind.
inline finding::Report make_rich_report() {
  finding::Report report = make_report();
  finding::Finding unlikely = make_inversion();
  unlikely.grade = finding::Grade::kUnlikely;
  unlikely.fingerprint = "1234567890abcdef";
  unlikely.grade_reason = "guard registry_lock is held on both sides";
  finding::Finding suppressed = make_misuse();
  suppressed.suppressed = true;
  suppressed.suppression = "the queue is handed over on purpose";
  report.findings = {make_deadlock(), make_misuse(), make_inversion(), unlikely, suppressed};
  report.findings[1].fingerprint = "77112233445566aa";
  report.findings[2].confirmation = finding::Confirmation{.outcome = "not reached",
                                                          .tries = 20,
                                                          .arrived = 1,
                                                          .participants = 2,
                                                          .seed = 0xffffffffffffffff,
                                                          .explanation = "the other could not come"};
  report.findings[2].exercised = finding::Exercised{"observed", "both orders were seen"};
  report.lock_order.edges = {make_edge("accounts[0].lock", "accounts[1].lock"),
                             make_edge("accounts[1].lock", "accounts[0].lock")};
  report.lock_order.edges[1].guards = {"registry_lock"};
  report.lock_order.edges_not_shown = 3;
  return report;
}

}  // namespace gordian::report
