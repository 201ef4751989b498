#include "analyzer/capture/misuse_findings.h"

#include "analyzer/capture/function_names.h"
#include "analyzer/capture/misuse.h"
#include "analyzer/capture/misuse_wording.h"
#include "analyzer/capture/rules.h"
#include "analyzer/finding/fingerprint.h"

namespace gordian::capture {
namespace {

// Spelled here too: what a fingerprint is made of must not change with how a rule is shown.
std::string_view misuse_in_fingerprint(record::Rule rule) {
  switch (rule) {
    case record::Rule::kLockHeldAtExit:
      return "lock-held-at-exit";
    case record::Rule::kUnlockNotHeld:
      return "unlock-not-held";
    case record::Rule::kUnlockNotOwner:
      return "unlock-not-owner";
    case record::Rule::kDestroyWhileHeld:
      return "destroy-while-held";
    case record::Rule::kInitWhileHeld:
      return "init-while-held";
    case record::Rule::kConditionMutexMismatch:
      return "condition-mutex-mismatch";
    case record::Rule::kWaitWithoutMutex:
      return "wait-without-mutex";
    case record::Rule::kPriorityInversion:
      return "priority-inversion";
    default:
      return "misuse";
  }
}

std::string link_to(const Party& party, record::Grade grade) {
  if (party.waits) return {};
  return grade == record::Grade::kInferred ? "observed holder" : "owner";
}

finding::Step step_of_call(const Misuse& misuse) {
  finding::Step step;
  step.thread = misuse.thread;
  step.waits_for = misuse.lock;
  step.wait_mode = "exclusive";
  step.waiting_at = misuse.call;
  step.holds = misuse.holds;
  if (!misuse.party) return step;
  step.held_by = misuse.party->waits                 ? std::string()
                 : misuse.party->thread.name.empty() ? misuse.party->label
                                                     : name_and_tid(misuse.party->thread);
  step.link = link_to(*misuse.party, misuse.grade);
  return step;
}

// A thread that is left to wait for what is taken from under it, or with another mutex.
finding::Step step_of_waiter(const Misuse& misuse) {
  finding::Step step;
  step.thread = misuse.party->thread;
  step.waits_for = misuse.lock;
  step.wait_mode = "exclusive";
  step.waiting_at = misuse.party->at;
  return step;
}

std::string fingerprint_of(const Misuse& misuse) {
  const std::string acquiring = misuse.party ? own_function(misuse.party->at) : std::string();
  return finding::fingerprint(misuse_in_fingerprint(misuse.rule),
                              {{misuse.lock.stable, acquiring, own_function(misuse.call)}}, false);
}

finding::Finding finding_of(const Misuse& misuse, uint32_t pid) {
  finding::Finding finding;
  finding.rule = rule_of(misuse.rule);
  finding.grade = grade_of(misuse.grade);
  finding.pid = pid;
  finding.summary = summary(misuse);
  finding.grade_reason = grade_reason(misuse);
  finding.fix = fix(misuse);
  finding.cycle.push_back(step_of_call(misuse));
  if (misuse.party && misuse.party->waits) finding.cycle.push_back(step_of_waiter(misuse));
  finding.fingerprint = fingerprint_of(misuse);
  return finding;
}

}  // namespace

std::vector<finding::Finding> misuse_findings(const record::Record& record, const Scene& scene,
                                              AddressNames& names, uint32_t stack_depth) {
  std::vector<finding::Finding> findings;
  for (const Misuse& misuse : misuses_told(record, scene, names, stack_depth))
    findings.push_back(finding_of(misuse, scene.pid()));
  return findings;
}

}  // namespace gordian::capture
