#include "analyzer/capture/rules.h"

namespace gordian::capture {

finding::RuleId rule_of(record::Rule rule) {
  switch (rule) {
    case record::Rule::kSelfDeadlock:
      return finding::RuleId::kSelfDeadlock;
    case record::Rule::kAbandonedLock:
      return finding::RuleId::kAbandonedLock;
    case record::Rule::kGlobalStall:
      return finding::RuleId::kGlobalStall;
    case record::Rule::kLostWakeup:
      return finding::RuleId::kLostWakeup;
    case record::Rule::kLockOrderInversion:
      return finding::RuleId::kLockOrderInversion;
    case record::Rule::kLockHeldAtExit:
      return finding::RuleId::kLockHeldAtExit;
    case record::Rule::kUnlockNotHeld:
      return finding::RuleId::kUnlockNotHeld;
    case record::Rule::kUnlockNotOwner:
      return finding::RuleId::kUnlockNotOwner;
    case record::Rule::kDestroyWhileHeld:
      return finding::RuleId::kDestroyWhileHeld;
    case record::Rule::kInitWhileHeld:
      return finding::RuleId::kInitWhileHeld;
    case record::Rule::kConditionMutexMismatch:
      return finding::RuleId::kConditionMutexMismatch;
    case record::Rule::kWaitWithoutMutex:
      return finding::RuleId::kWaitWithoutMutex;
    case record::Rule::kPriorityInversion:
      return finding::RuleId::kPriorityInversion;
    case record::Rule::kNone:
    case record::Rule::kDeadlock:
      break;
  }
  return finding::RuleId::kDeadlock;
}

finding::Grade grade_of(record::Grade grade) {
  switch (grade) {
    case record::Grade::kPossible:
      return finding::Grade::kPossible;
    case record::Grade::kPredicted:
      return finding::Grade::kPredicted;
    case record::Grade::kConfirmed:
      return finding::Grade::kConfirmed;
    case record::Grade::kInferred:
      return finding::Grade::kInferred;
    case record::Grade::kProven:
      return finding::Grade::kProven;
    case record::Grade::kNone:
    case record::Grade::kUnlikely:
      break;
  }
  return finding::Grade::kUnlikely;
}

}  // namespace gordian::capture
