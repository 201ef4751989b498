// Findings as the static pass makes them: no threads, no addresses, no modules; the entry function is the
// thread's name.
#pragma once

#include <string>

#include "analyzer/finding/finding.h"

namespace gordian::finding {

inline Frame source_frame(std::string function, std::string file, uint32_t line, uint32_t column = 3) {
  return {.function = std::move(function), .file = std::move(file), .line = line, .column = column};
}

inline Step static_step(std::string entry, const std::string& held, const std::string& wanted, Stack taken,
                        Stack asked, size_t holder) {
  return {.thread = {.name = std::move(entry)},
          .waits_for = {.name = wanted, .kind = "mutex", .stable = wanted},
          .wait_mode = "exclusive",
          .held_by_step = holder,
          .link = "order",
          .waiting_at = std::move(asked),
          .holds = {{.resource = {.name = held, .kind = "mutex", .stable = held},
                     .mode = "exclusive",
                     .acquired_at = std::move(taken)}}};
}

// saver() calls deposit(), which takes checking and then savings; spender() takes them the other way round.
inline Finding static_inversion(const std::string& file = "/src/bank.cpp") {
  const Frame call = source_frame("saver()", file, 30);
  Finding finding;
  finding.rule = RuleId::kLockOrderInversion;
  finding.grade = Grade::kPossible;
  finding.fingerprint = "00000000000000aa";
  finding.summary = "deposit() takes checking and then savings; spender() takes them the other way round";
  finding.grade_reason = "nothing in the program keeps the two apart";
  finding.conditions = FourConditions{.mutual_exclusion = {true, "both are mutexes"},
                                      .hold_and_wait = {true, "each side holds one and asks for the other"},
                                      .no_preemption = {true, "no attempt has a timeout"},
                                      .circular_wait = {true, "checking, savings, checking"}};
  finding.cycle = {static_step("saver()", "checking", "savings", {source_frame("deposit()", file, 10), call},
                               {source_frame("deposit()", file, 11), call}, 1),
                   static_step("spender()", "savings", "checking", {source_frame("spender()", file, 20)},
                               {source_frame("spender()", file, 21)}, 0)};
  finding.fix = "Take checking before savings everywhere.";
  return finding;
}

inline Finding static_race(const std::string& file = "/src/bank.cpp") {
  Finding finding;
  finding.rule = RuleId::kDataRace;
  finding.grade = Grade::kPossible;
  finding.fingerprint = "00000000000000bb";
  finding.summary = "total is written in deposit() and read in audit() without a common lock";
  Step write;
  write.thread.name = "saver()";
  write.waits_for = {.name = "total", .kind = "variable", .stable = "total"};
  write.wait_mode = "write";
  write.link = "access";
  write.waiting_at = {source_frame("deposit()", file, 12)};
  write.holds = {{.resource = {.name = "savings", .kind = "mutex", .stable = "savings"},
                  .mode = "exclusive",
                  .acquired_at = {source_frame("deposit()", file, 11)}}};
  Step read = write;
  read.thread.name = "";
  read.wait_mode = "read";
  read.waiting_at = {source_frame("audit()", file, 40)};
  read.holds.clear();
  finding.cycle = {write, read};
  return finding;
}

// One side, and nobody knows from where it is entered.
inline Finding static_misuse(const std::string& file = "/src/bank.cpp") {
  Finding finding;
  finding.rule = RuleId::kUnnamedGuard;
  finding.grade = Grade::kPossible;
  finding.fingerprint = "00000000000000cc";
  finding.summary = "the guard of checking has no name and dies at once";
  Step step;
  step.waits_for = {.name = "checking", .kind = "mutex", .stable = "checking"};
  step.waiting_at = {source_frame("close()", file, 50, 8)};
  finding.cycle = {step};
  finding.fix = "Give the guard a name.";
  return finding;
}

}  // namespace gordian::finding
