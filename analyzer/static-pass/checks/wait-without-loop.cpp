#include "analyzer/static-pass/checks/wait-without-loop.h"

#include <fmt/format.h>

#include <set>

namespace gordian::check {

std::vector<finding::Finding> check_wait_without_loop(const Scene& scene) {
  std::vector<finding::Finding> findings;
  const Analysis& analysis = scene.analysis;
  // A function that does nothing but wait leaves the loop to its callers, where it has some.
  std::set<TraceId> passed_on;
  for (uint32_t i = 0; i < analysis.shared.effects.size(); ++i) {
    if (analysis.callers[i].empty()) continue;
    for (const WaitingCall& each : analysis.shared.effects[i].waits) passed_on.insert(each.trace);
  }
  for (const Wait& each : analysis.events.waits) {
    if (each.tested_again || passed_on.contains(each.trace)) continue;
    finding::Finding finding;
    finding.rule = finding::RuleId::kWaitWithoutLoop;
    finding.grade = finding::Grade::kPossible;
    finding::Step step = step_of(scene, each.in, each.condition, LockKind::kMutex, each.trace, each.holds);
    step.waits_for.kind = "condition";
    finding.summary =
        fmt::format("{} waits on {} without testing again what it waits for.", called(scene, each.in),
                    step.waits_for.name.empty() ? "a condition" : step.waits_for.name);
    finding.fix = "Wait in a loop that tests the state, or give the wait a predicate.";
    finding.fingerprint = fingerprint_of_place(finding.rule, step);
    finding.cycle.push_back(std::move(step));
    add_once(findings, std::move(finding));
  }
  return findings;
}

}  // namespace gordian::check
