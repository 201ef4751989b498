#include "analyzer/static-pass/checks/unlock-not-held.h"

#include <fmt/format.h>

namespace gordian::check {

namespace {

finding::Finding told(const Scene& scene, const UnlockNotHeld& each) {
  finding::Finding finding;
  finding.rule = finding::RuleId::kUnlockNotHeld;
  finding.grade = finding::Grade::kPossible;
  finding::Step step = step_of(scene, each.in, each.lock, each.kind, each.trace, {});
  const char* does = each.by == UnlockNotHeld::By::kWait       ? "waits on a condition with"
                     : each.by == UnlockNotHeld::By::kAdoption ? "has a guard adopt"
                                                               : "releases";
  finding.summary = fmt::format("{} {} {}, which {}.", called(scene, each.in), does, step.waits_for.name,
                                each.released ? "it has released before" : "is not held there");
  if (each.released) step.holds.push_back({step.waits_for, "released", stack_of(scene, each.released)});
  finding.fix = "Pair each release with one acquisition; lock by scope.";
  finding.fingerprint = fingerprint_of_place(finding.rule, step);
  finding.cycle.push_back(std::move(step));
  return finding;
}

}  // namespace

std::vector<finding::Finding> check_unlock_not_held(const Scene& scene) {
  std::vector<finding::Finding> findings;
  const Events& events = scene.analysis.events;
  for (const UnlockNotHeld& each : events.unlocks_not_held) add_once(findings, told(scene, each));
  for (const UnlockNotHeld& each : events.unheld_by_caller) {
    if (scene.concurrency.only_begins_threads(each.in)) add_once(findings, told(scene, each));
  }
  return findings;
}

}  // namespace gordian::check
