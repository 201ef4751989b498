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
    case RuleId::kWaitWithoutLoop:
      return "waits on";
    case RuleId::kDoubleLock:
      return "takes again";
    case RuleId::kMissingUnlock:
      return "returns with";
    case RuleId::kBlockingUnderLock:
      return "blocks in";
    case RuleId::kLockAcrossCoAwait:
      return "suspends with";
    case RuleId::kUnnamedGuard:
      return "guards for one statement";
    case RuleId::kDataRace:
      if (step.wait_mode == "write") return "writes";
      return step.wait_mode == "read" ? "reads" : "uses";
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
  if (!resource.name.empty()) return resource.name;
  // The static pass knows no addresses.
  if (resource.address == 0 && !resource.kind.empty()) return "a " + resource.kind;
  return fmt::format("{:#x}", resource.address);
}

std::string attempt_phrase(RuleId rule, const finding::Step& step) {
  return fmt::format("{} {}", attempt_verb(rule, step), name_of(step.waits_for));
}

std::string holder_phrase(const finding::Step& step) {
  const std::string& holder = step.held_by;
  if (holder.empty()) return step.link == "could signal" ? "which no thread that is left can signal" : "";
  if (step.link == "observed holder") return fmt::format("taken by {} and not given back", holder);
  if (step.link == "signaller") return fmt::format("signalled so far by {}", holder);
  if (step.link == "could signal") return fmt::format("which only {} could still signal", holder);
  if (step.link == "ended") return fmt::format("held by {}, which has ended", holder);
  if (step.link == "left behind by fork") return fmt::format("held by {}, which a fork left behind", holder);
  return fmt::format("held by {}", holder);
}

std::string place_of(const finding::Frame& frame, const std::string& base_directory) {
  if (!frame.file.empty()) {
    std::string_view file = frame.file;
    const std::string& base = base_directory;
    if (!base.empty() && base != "/" && file.size() > base.size() + 1 && file.starts_with(base) &&
        file[base.size()] == '/') {
      file.remove_prefix(base.size() + 1);
    }
    return frame.line == 0 ? std::string(file) : fmt::format("{}:{}", file, frame.line);
  }
  if (!frame.module.empty()) return fmt::format("{}+{:#x}", base_name(frame.module), frame.module_offset);
  return fmt::format("{:#x}", frame.address);
}

std::string_view base_name(std::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

std::string acquisition_phrase(const finding::Acquisition& acquisition) {
  return "acquired " + name_of(acquisition.resource);
}

}  // namespace gordian::report
