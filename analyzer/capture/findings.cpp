#include "analyzer/capture/findings.h"

#include <algorithm>

#include "analyzer/capture/evidence.h"
#include "analyzer/capture/function_names.h"
#include "analyzer/capture/rules.h"
#include "analyzer/finding/fingerprint.h"

namespace gordian::capture {
namespace {

// Spelled here too: what a fingerprint is made of must not change with how a rule is shown.
std::string_view rule_in_fingerprint(record::Rule rule) {
  switch (rule) {
    case record::Rule::kSelfDeadlock:
      return "self-deadlock";
    case record::Rule::kAbandonedLock:
      return "abandoned-lock";
    case record::Rule::kGlobalStall:
      return "global-stall";
    case record::Rule::kLostWakeup:
      return "lost-wakeup";
    default:
      break;
  }
  return "deadlock";
}

std::optional<size_t> step_of_holder(const Claim& claim, const ClaimMember& member) {
  for (size_t i = 0; member.held_by_serial != 0 && i < claim.members.size(); ++i) {
    if (claim.members[i].serial == member.held_by_serial) return i;
  }
  return {};
}

finding::Step step_of(const Claim& claim, const ClaimMember& member, const Scene& scene) {
  finding::Step step;
  if (member.stands) {
    step = scene.step(member.member.thread);
  } else {
    // It moved on: what it holds now and where it is now is no evidence for what was told.
    step.thread = scene.thread_name(member.member.thread);
    step.waits_for = scene.resource_name(member.waits_for);
    step.wait_mode = member.timed ? "timed" : "exclusive";
  }
  step.held_by = held_by(member, scene);
  step.held_by_step = step_of_holder(claim, member);
  step.link = link_name(member.member.link);
  return step;
}

// Of pipes and their like, which a process has many of, only what the others wait for is shown.
void drop_unwanted_ends(std::vector<finding::Step>& steps) {
  for (finding::Step& step : steps)
    std::erase_if(step.holds, [&](const finding::Acquisition& hold) {
      const bool is_end = hold.resource.kind == "pipe" || hold.resource.kind == "process" ||
                          hold.resource.kind == "message queue";
      return is_end && std::none_of(steps.begin(), steps.end(), [&](const finding::Step& other) {
               return other.waits_for.name == hold.resource.name;
             });
    });
}

bool is_cycle(const std::vector<finding::Step>& steps) {
  for (size_t i = 0; i < steps.size(); ++i) {
    if (steps[i].held_by_step != (i + 1) % steps.size()) return false;
  }
  return true;
}

// Only what a process tells that nobody watched: where a lock on the heap was initialised and where a lock
// was taken is known from a record alone, and the finding must be the same one.
std::string name_in_fingerprint(const finding::ResourceName& resource, model::ResourceKind kind) {
  const bool is_variable = !resource.module.empty();
  const bool is_in_memory = kind <= model::ResourceKind::kFutex && kind != model::ResourceKind::kThread;
  return is_in_memory && !is_variable ? resource.kind : resource.stable;
}

std::string fingerprint_of(const Claim& claim, const std::vector<finding::Step>& steps) {
  std::vector<finding::FingerprintStep> parts;
  for (size_t i = 0; i < steps.size(); ++i) {
    const ClaimMember& member = claim.members[i];
    parts.push_back({name_in_fingerprint(steps[i].waits_for, member.waits_for.kind),
                     {},
                     own_function(steps[i].waiting_at)});
  }
  return finding::fingerprint(rule_in_fingerprint(claim.rule), parts, is_cycle(steps));
}

}  // namespace

finding::Finding finding_of(const Claim& claim, const Scene& scene) {
  finding::Finding finding;
  finding.rule = rule_of(claim.rule);
  finding.grade = grade_of(claim.grade);
  finding.pid = scene.pid();
  for (const ClaimMember& member : claim.members) finding.cycle.push_back(step_of(claim, member, scene));
  drop_unwanted_ends(finding.cycle);
  finding.summary = summary(claim, scene);
  if (claim.conditions) finding.conditions = evidence(*claim.conditions, claim, scene);
  finding.grade_reason = grade_reason(claim, scene);
  finding.fix = fix(claim, scene);
  finding.members_not_shown = claim.members_not_shown;
  finding.waiting_behind = claim.behind;
  finding.fingerprint = fingerprint_of(claim, finding.cycle);
  return finding;
}

}  // namespace gordian::capture
