#include "analyzer/static-pass/checks/condition-mutex-mismatch.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "analyzer/finding/fingerprint.h"
#include "analyzer/finding/frames.h"

namespace gordian::check {
namespace {

struct Pairing {
  const Wait* wait;
  PathId condition;
  PathId mutex;
};

// Whether two waits on what may be one condition are certainly with two mutexes.
bool differ(const Scene& scene, const Pairing& one, const Pairing& other) {
  const LockNames& names = scene.analysis.names;
  if (names.class_of(one.mutex) != names.class_of(other.mutex)) return true;
  if (one.mutex == other.mutex || one.condition != other.condition) return false;
  return names.is_instance(one.mutex) && names.is_instance(other.mutex);
}

bool is_known(const Scene& scene, PathId path) {
  const LockClass::Kind kind = scene.analysis.names.class_of(path).kind;
  return kind != LockClass::Kind::kNone && kind != LockClass::Kind::kParameter;
}

// std::condition_variable_any may be waited on with several.
bool takes_any_lock(const Scene& scene, PathId condition) {
  const Program& program = scene.analysis.program;
  const LockClass known = scene.analysis.names.class_of(condition);
  Symbol type;
  if (known.kind == LockClass::Kind::kGlobal && program.global(known.name) != nullptr)
    type = program.global(known.name)->type;
  if (known.kind == LockClass::Kind::kField && program.field(known.name) != nullptr)
    type = program.field(known.name)->type;
  return program.text(type) == "std::condition_variable_any";
}

finding::Finding finding_of(const Scene& scene, const Pairing& one, const Pairing& other) {
  finding::Finding finding;
  finding.rule = finding::RuleId::kConditionMutexMismatch;
  finding.grade = finding::Grade::kPossible;
  std::vector<finding::FingerprintStep> parts;
  std::vector<std::string> mutexes;
  for (const Pairing* use : {&one, &other}) {
    const Wait& wait = *use->wait;
    finding::Step step = step_of(scene, wait.in, use->condition, LockKind::kMutex, wait.trace, {});
    step.waits_for.kind = "condition";
    Hold hold;
    hold.lock = use->mutex;
    hold.trace = wait.trace;
    for (const Hold& each : wait.holds) {
      if (scene.analysis.names.settled(each.lock, wait.in) == use->mutex) hold = each;
    }
    step.holds.push_back(acquisition_of(scene, hold, wait.in));
    mutexes.push_back(step.holds[0].resource.name);
    parts.push_back(
        {step.waits_for.stable, step.holds[0].resource.stable, finding::own_function(step.waiting_at)});
    finding.cycle.push_back(std::move(step));
  }
  finding.summary =
      fmt::format("{} is waited on with {} in {}, and with {} in {}.", finding.cycle[0].waits_for.name,
                  mutexes[0], called(scene, one.wait->in), mutexes[1], called(scene, other.wait->in));
  finding.fix = "Give each condition one mutex, that of the state which it is about.";
  finding.fingerprint = finding::fingerprint(name_of(finding.rule), parts, false);
  return finding;
}

}  // namespace

std::vector<finding::Finding> check_condition_mutex_mismatch(const Scene& scene) {
  const LockNames& names = scene.analysis.names;
  std::map<LockClass, std::vector<Pairing>> uses;
  for (const Wait& wait : scene.analysis.events.waits) {
    const Pairing use{&wait, names.settled(wait.condition, wait.in), names.settled(wait.mutex, wait.in)};
    if (takes_any_lock(scene, use.condition)) continue;
    // A pointer that an object has to its mutex, such as a condition class's own, may lead to any.
    const bool may_be_any = scene.analysis.program.ends_in_pointer(scene.analysis.program.path(use.mutex));
    if (is_known(scene, use.condition) && is_known(scene, use.mutex) && !may_be_any)
      uses[names.class_of(use.condition)].push_back(use);
  }
  std::vector<finding::Finding> findings;
  for (const auto& [condition, list] : uses) {
    // Against the first of each other mutex: a finding for every pair would say the same many times.
    for (size_t i = 1; i < list.size(); ++i) {
      const auto other =
          std::find_if(list.begin(), list.begin() + static_cast<std::ptrdiff_t>(i), [&](const Pairing& each) {
            return names.may_be_same(each.condition, list[i].condition) && differ(scene, each, list[i]);
          });
      if (other != list.begin() + static_cast<std::ptrdiff_t>(i))
        add_once(findings, finding_of(scene, *other, list[i]));
    }
  }
  return findings;
}

}  // namespace gordian::check
