#include "analyzer/static-pass/checks/double-lock.h"

#include <fmt/format.h>

namespace gordian::check {
namespace {

// A lock that is a parameter is as recursive as what is passed for it.
bool is_recursive(const Scene& scene, const DoubleLock& event) {
  const PathId lock = scene.bindings.bound(event.held.lock, event.in);
  const Path& path = scene.analysis.program.path(lock);
  if (scene.analysis.shared.recursive_locks.contains(lock)) return true;
  const Variable* global = path.root == Root::kGlobal ? scene.analysis.program.global(path.name) : nullptr;
  return global != nullptr && path.elements.empty() && global->mutex_kind == 1;
}

}  // namespace

std::vector<finding::Finding> check_double_lock(const Scene& scene) {
  std::vector<finding::Finding> findings;
  for (const DoubleLock& each : scene.analysis.events.double_locks) {
    if (is_recursive(scene, each)) continue;
    finding::Finding finding;
    finding.rule = finding::RuleId::kDoubleLock;
    finding.grade = finding::Grade::kPossible;
    finding::Step step = step_of(scene, each.in, each.held.lock, each.held.kind, each.again, {each.held});
    step.link = "order";
    finding.summary = fmt::format("{} takes {} and takes it again before it is released.",
                                  called(scene, each.in), step.waits_for.name);
    finding.fix =
        "Split the function that is called with the lock held into one that locks and one that expects the "
        "lock "
        "held; or make the lock recursive, if it has to be.";
    finding.fingerprint = fingerprint_of_place(finding.rule, step);
    finding.cycle.push_back(std::move(step));
    add_once(findings, std::move(finding));
  }
  return findings;
}

}  // namespace gordian::check
