#include "analyzer/static-pass/checks/missing-unlock.h"

#include <fmt/format.h>

namespace gordian::check {
namespace {

// The process ends with main, and all of its locks with it.
bool begins_thread(const Scene& scene, FunctionId function) {
  const bool is_main = (scene.analysis.program.function(function).flags & function_flags::kMain) != 0;
  return !is_main && scene.concurrency.only_begins_threads(function);
}

finding::Finding told(const Scene& scene, const MissingUnlock& each) {
  finding::Finding finding;
  finding.rule = finding::RuleId::kMissingUnlock;
  finding.grade = finding::Grade::kPossible;
  finding::Step step = step_of(scene, each.in, each.held.lock, each.held.kind, {}, {each.held});
  step.waiting_at = {frame_of(scene, each.in, each.left_at)};
  finding.summary =
      each.ends_thread
          ? fmt::format("{} ends its thread with {} held; nobody else can release it.",
                        called(scene, each.in), step.waits_for.name)
          : fmt::format("{} can return with {} held, which it releases on another path, in line {}.",
                        called(scene, each.in), step.waits_for.name, each.released_at.line);
  finding.fix = "Release the lock on every way out; lock by scope.";
  finding.fingerprint = fingerprint_of_place(finding.rule, step);
  finding.cycle.push_back(std::move(step));
  return finding;
}

}  // namespace

std::vector<finding::Finding> check_missing_unlock(const Scene& scene) {
  std::vector<finding::Finding> findings;
  const Events& events = scene.analysis.events;
  for (const MissingUnlock& each : events.missing_unlocks) {
    // Somebody else releases what this function comes back with: that is what it is for.
    if (!scene.analysis.shared.handed_over.contains(each.in)) add_once(findings, told(scene, each));
  }
  for (const MissingUnlock& each : events.held_at_end) {
    if (begins_thread(scene, each.in)) add_once(findings, told(scene, each));
  }
  return findings;
}

}  // namespace gordian::check
