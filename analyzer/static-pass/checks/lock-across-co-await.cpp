#include "analyzer/static-pass/checks/lock-across-co-await.h"

#include <fmt/format.h>

namespace gordian::check {

std::vector<finding::Finding> check_lock_across_co_await(const Scene& scene) {
  std::vector<finding::Finding> findings;
  for (const Suspension& each : scene.analysis.events.suspensions) {
    std::vector<Hold> holds;
    for (const Hold& hold : each.holds) {
      if (hold.kind != LockKind::kSemaphore) holds.push_back(hold);
    }
    if (holds.empty()) continue;
    finding::Finding finding;
    finding.rule = finding::RuleId::kLockAcrossCoAwait;
    finding.grade = finding::Grade::kPossible;
    finding::Step step = step_of(scene, each.in, holds.back().lock, holds.back().kind, each.trace, holds);
    finding.summary =
        fmt::format("{} is suspended while it holds {}.", called(scene, each.in), step.waits_for.name);
    finding.fix = "End the critical section before the suspension point.";
    finding.fingerprint = fingerprint_of_place(finding.rule, step);
    finding.cycle.push_back(std::move(step));
    add_once(findings, std::move(finding));
  }
  return findings;
}

}  // namespace gordian::check
