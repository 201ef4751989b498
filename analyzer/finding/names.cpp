#include <array>
#include <utility>

#include "analyzer/finding/finding.h"

namespace gordian::finding {
namespace {

constexpr std::array<std::pair<Grade, std::string_view>, 6> kGrades = {{
    {Grade::kUnlikely, "unlikely"},
    {Grade::kPossible, "possible"},
    {Grade::kPredicted, "predicted"},
    {Grade::kConfirmed, "confirmed"},
    {Grade::kInferred, "inferred"},
    {Grade::kProven, "proven"},
}};

constexpr std::array<std::pair<RuleId, std::string_view>, 21> kRules = {{
    {RuleId::kDeadlock, "deadlock"},
    {RuleId::kSelfDeadlock, "self-deadlock"},
    {RuleId::kAbandonedLock, "abandoned-lock"},
    {RuleId::kGlobalStall, "global-stall"},
    {RuleId::kLostWakeup, "lost-wakeup"},
    {RuleId::kLockOrderInversion, "lock-order-inversion"},
    {RuleId::kLockHeldAtExit, "lock-held-at-exit"},
    {RuleId::kUnlockNotHeld, "unlock-not-held"},
    {RuleId::kUnlockNotOwner, "unlock-not-owner"},
    {RuleId::kDestroyWhileHeld, "destroy-while-held"},
    {RuleId::kInitWhileHeld, "init-while-held"},
    {RuleId::kConditionMutexMismatch, "condition-mutex-mismatch"},
    {RuleId::kWaitWithoutMutex, "wait-without-mutex"},
    {RuleId::kPriorityInversion, "priority-inversion"},
    {RuleId::kDoubleLock, "double-lock"},
    {RuleId::kMissingUnlock, "missing-unlock"},
    {RuleId::kWaitWithoutLoop, "wait-without-loop"},
    {RuleId::kBlockingUnderLock, "blocking-under-lock"},
    {RuleId::kLockAcrossCoAwait, "lock-across-co-await"},
    {RuleId::kUnnamedGuard, "unnamed-guard"},
    {RuleId::kDataRace, "data-race"},
}};

template <typename Id, size_t size>
std::string_view find_name(const std::array<std::pair<Id, std::string_view>, size>& table, Id id) {
  for (const auto& [entry, name] : table) {
    if (entry == id) return name;
  }
  return "unknown";
}

template <typename Id, size_t size>
std::optional<Id> find_id(const std::array<std::pair<Id, std::string_view>, size>& table,
                          std::string_view wanted) {
  for (const auto& [entry, name] : table) {
    if (name == wanted) return entry;
  }
  return std::nullopt;
}

}  // namespace

std::string_view name_of(Grade grade) {
  return find_name(kGrades, grade);
}
std::string_view name_of(RuleId rule) {
  return find_name(kRules, rule);
}
std::optional<Grade> grade_from(std::string_view name) {
  return find_id(kGrades, name);
}
std::optional<RuleId> rule_from(std::string_view name) {
  return find_id(kRules, name);
}

}  // namespace gordian::finding
