#include "analyzer/static-pass/checks/blocking-under-lock.h"

#include <fmt/format.h>

namespace gordian::check {

std::vector<finding::Finding> check_blocking_under_lock(const Scene& scene) {
  std::vector<finding::Finding> findings;
  const Analysis& analysis = scene.analysis;
  for (const BlockedUnderLock& each : analysis.events.blocked) {
    std::vector<Hold> holds;
    // What the caller is said to hold is told there.
    for (const Hold& hold : each.holds) {
      if (analysis.names.class_of(hold.lock).kind != LockClass::Kind::kNone) holds.push_back(hold);
    }
    if (holds.empty()) continue;
    finding::Finding finding;
    finding.rule = finding::RuleId::kBlockingUnderLock;
    finding.grade = finding::Grade::kPossible;
    finding::Step step = step_of(scene, each.in, {}, LockKind::kMutex, each.call.trace, holds);
    const std::string& what = analysis.program.text(each.call.what);
    const bool is_phrase = what.find(' ') != std::string::npos;
    step.waits_for.name = is_phrase ? what : what + "()";
    step.waits_for.stable = step.waits_for.name;
    step.waits_for.kind = "call";
    step.link = "order";
    finding.summary =
        fmt::format("{} {} {} while it holds {}.", called(scene, each.in), is_phrase ? "comes to" : "calls",
                    step.waits_for.name, step.holds.front().resource.name);
    finding.fix = "Release the lock before a call that may block; copy what it needs first.";
    finding.fingerprint = fingerprint_of_place(finding.rule, step);
    finding.cycle.push_back(std::move(step));
    add_once(findings, std::move(finding));
  }
  return findings;
}

}  // namespace gordian::check
