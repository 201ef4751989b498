#include "analyzer/static-pass/checks/unlock-not-held.h"

#include <fmt/format.h>

namespace gordian::check {

std::vector<finding::Finding> check_unlock_not_held(const Scene& scene) {
  std::vector<finding::Finding> findings;
  for (const UnlockNotHeld& each : scene.analysis.events.unlocks_not_held) {
    finding::Finding finding;
    finding.rule = finding::RuleId::kUnlockNotHeld;
    finding.grade = finding::Grade::kPossible;
    finding::Step step = step_of(scene, each.in, each.lock, each.kind, each.trace, {});
    finding.summary = each.released ? fmt::format("{} releases {}, which it has released before.",
                                                  called(scene, each.in), step.waits_for.name)
                                    : fmt::format("{} releases {}, which is not held there.",
                                                  called(scene, each.in), step.waits_for.name);
    if (each.released) {
      finding::Acquisition before{step.waits_for, "released", stack_of(scene, each.released)};
      step.holds.push_back(std::move(before));
    }
    finding.fix = "Pair each release with one acquisition; lock by scope.";
    finding.fingerprint = fingerprint_of_place(finding.rule, step);
    finding.cycle.push_back(std::move(step));
    add_once(findings, std::move(finding));
  }
  return findings;
}

}  // namespace gordian::check
