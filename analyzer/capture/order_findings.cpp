#include "analyzer/capture/order_findings.h"

#include <algorithm>

#include "analyzer/capture/evidence.h"
#include "analyzer/capture/order_wording.h"

namespace gordian::capture {
namespace {

using verdict::Inversion;
using verdict::InversionEdge;

std::string mode(bool shared) {
  return shared ? "shared" : "exclusive";
}

// What the thread has in hand there: first what the cycle needs, then the others, in order of acquisition.
std::vector<finding::Acquisition> holds_of(const InversionEdge& edge, const OrderScene& scene) {
  std::vector<finding::Acquisition> holds;
  const auto add = [&](uint32_t step) {
    holds.push_back(
        {scene.lock_name(scene.step(step).lock), mode(scene.step(step).shared), scene.stack(step)});
  };
  if (edge.ancestor == model::kNoStep) {
    holds.push_back({scene.lock_name(edge.held), mode(false), {}});
  } else {
    add(edge.ancestor);
  }
  std::vector<uint32_t> others;
  for (uint32_t above = scene.step(edge.step).parent; above != model::kNoStep;
       above = scene.step(above).parent) {
    if (above != edge.ancestor) others.push_back(above);
  }
  std::for_each(others.rbegin(), others.rend(), add);
  return holds;
}

finding::Step step_of(const Inversion& inversion, size_t index, const OrderScene& scene) {
  const InversionEdge& edge = inversion.edges[index];
  const model::OrderStep& asks = scene.step(edge.step);
  const size_t next = (index + 1) % inversion.edges.size();
  finding::Step step;
  step.thread = scene.threads().name(edge.thread_serial);
  step.waits_for = scene.lock_name(edge.asked);
  step.wait_mode = asks.timed ? "timed" : mode(asks.shared);
  step.held_by = name_and_tid(scene.threads().name(inversion.edges[next].thread_serial));
  step.held_by_step = next;
  step.link = "order";
  step.waiting_at = scene.stack(edge.step);
  step.holds = holds_of(edge, scene);
  return step;
}

std::string fix_for(const Inversion& inversion, const OrderScene& scene) {
  std::vector<model::ResourceKind> kinds;
  std::vector<std::string> nouns;
  for (const InversionEdge& edge : inversion.edges) {
    kinds.push_back(scene.lock(edge.asked).key.kind);
    nouns.push_back(scene.noun(edge.asked));
  }
  return fix_of_cycle(kinds, nouns);
}

}  // namespace

finding::Finding finding_of(const Inversion& inversion, const OrderScene& scene) {
  finding::Finding finding;
  finding.rule = finding::RuleId::kLockOrderInversion;
  finding.grade =
      inversion.grade == record::Grade::kPossible ? finding::Grade::kPossible : finding::Grade::kUnlikely;
  finding.pid = scene.pid();
  for (size_t i = 0; i < inversion.edges.size(); ++i) finding.cycle.push_back(step_of(inversion, i, scene));
  finding.summary = summary(inversion, scene);
  finding.conditions = conditions(inversion, scene);
  finding.grade_reason = grade_reason(inversion, scene);
  finding.fix = fix_for(inversion, scene);
  return finding;
}

}  // namespace gordian::capture
