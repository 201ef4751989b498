#include "analyzer/static-pass/checks/unnamed-guard.h"

#include <fmt/format.h>

namespace gordian::check {

std::vector<finding::Finding> check_unnamed_guard(const Scene& scene) {
  std::vector<finding::Finding> findings;
  for (const UnnamedGuard& each : scene.analysis.events.unnamed_guards) {
    finding::Finding finding;
    finding.rule = finding::RuleId::kUnnamedGuard;
    finding.grade = finding::Grade::kPossible;
    finding::Step step = step_of(scene, each.in, each.lock, LockKind::kMutex, {}, {});
    step.waiting_at = {frame_of(scene, each.in, each.place)};
    const std::string& type = scene.analysis.program.text(each.type);
    finding.summary =
        each.declares ? fmt::format("This declares a variable of type {} and takes no lock.", type)
        : each.lock   ? fmt::format("A {} without a name releases {} at the end of its statement.", type,
                                    step.waits_for.name)
                      : fmt::format("A {} without a name dies at the end of its statement.", type);
    finding.fix = "Give the guard a name.";
    finding.fingerprint = fingerprint_of_place(finding.rule, step, type);
    finding.cycle.push_back(std::move(step));
    add_once(findings, std::move(finding));
  }
  return findings;
}

}  // namespace gordian::check
