#include "analyzer/report/phrases.h"

#include <fmt/format.h>

namespace gordian::report {

using finding::RuleId;

std::string_view attempt_verb(RuleId rule, const finding::Step& step) {
  switch (rule) {
    case RuleId::kUnlockNotHeld:
    case RuleId::kUnlockNotOwner:
      return "unlocks";
    case RuleId::kDestroyWhileHeld:
      return "destroys";
    case RuleId::kInitWhileHeld:
      return "initialises";
    case RuleId::kConditionMutexMismatch:
    case RuleId::kWaitWithoutMutex:
      return "waits on";
    case RuleId::kLockHeldAtExit:
      return "ends with";
    case RuleId::kDeadlock:
    case RuleId::kSelfDeadlock:
    case RuleId::kAbandonedLock:
    case RuleId::kGlobalStall:
    case RuleId::kLostWakeup:
    case RuleId::kLockOrderInversion:
    case RuleId::kPriorityInversion:
      break;
  }
  if (step.link == "order") return "asks for";
  // A join: what is waited for is a thread.
  return step.waits_for.kind == "thread" ? "waits for the end of" : "waits for";
}

std::string name_of(const finding::ResourceName& resource) {
  return resource.name.empty() ? fmt::format("{:#x}", resource.address) : resource.name;
}

std::string attempt_phrase(RuleId rule, const finding::Step& step) {
  return fmt::format("{} {}", attempt_verb(rule, step), name_of(step.waits_for));
}

std::string acquisition_phrase(const finding::Acquisition& acquisition) {
  return "acquired " + name_of(acquisition.resource);
}

}  // namespace gordian::report
