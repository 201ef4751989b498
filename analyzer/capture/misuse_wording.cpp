#include "analyzer/capture/misuse_wording.h"

#include <sched.h>

#include "analyzer/capture/wording.h"

namespace gordian::capture {
namespace {

using record::Rule;

// `which "reader" holds`, `which it holds itself`, `which nobody holds`
std::string which_is_held(const Misuse& misuse) {
  if (!misuse.party) return "which nobody holds";
  return misuse.party->is_caller ? "which it holds itself" : "which " + misuse.party->label + " holds";
}

// `while "reader" holds it`, `while "reader" waits for it`
std::string while_in_use(const Misuse& misuse) {
  if (!misuse.party) return "while it is in use";
  const std::string who = misuse.party->is_caller ? "it" : misuse.party->label;
  const std::string itself = misuse.party->is_caller ? " itself" : "";
  if (misuse.party->waits) {
    const bool with_condition = misuse.lock.kind == "mutex";
    return "while " + who + (with_condition ? " waits on a condition with it" : " waits for it");
  }
  return "while " + who + " holds it" + itself;
}

std::string ends(const Misuse& misuse) {
  switch (misuse.ending) {
    case record::Ending::kFreed:
      return " frees the memory of ";
    case record::Ending::kUnmapped:
      return " unmaps the memory of ";
    case record::Ending::kDestroyed:
      break;
  }
  return " destroys ";
}

std::string mismatch(const Misuse& misuse) {
  const std::string others =
      misuse.party ? misuse.party->label + " waits there" : std::string("others wait there");
  if (misuse.own_noun.empty())
    return misuse.label + " waits on " + misuse.noun + " with another mutex than " + misuse.second_noun +
           ", with which " + others;
  return misuse.label + " waits on " + misuse.noun + " with " + misuse.own_noun + " while " + others +
         " with " + misuse.second_noun;
}

std::string without_mutex(const Misuse& misuse) {
  const std::string holder = misuse.party ? misuse.party->label + " holds it" : std::string("nobody does");
  return misuse.label + " waits on " + misuse.noun + " with " + misuse.second_noun +
         ", which it does not hold: " + holder;
}

// `SCHED_FIFO, priority 50`
std::string scheduling(uint64_t packed) {
  const auto priority = static_cast<int>(packed >> 8 & 0xff);
  switch (packed & 0xff) {
    case SCHED_FIFO:
      return "SCHED_FIFO, priority " + std::to_string(priority);
    case SCHED_RR:
      return "SCHED_RR, priority " + std::to_string(priority);
    case 6:
      return "SCHED_DEADLINE";
    default:
      return "no real-time priority";
  }
}

std::string inversion(const Misuse& misuse) {
  const std::string holder = misuse.party ? misuse.party->label : std::string("a thread");
  return misuse.label + " (" + scheduling(misuse.scheduling) + ") waits for " + misuse.noun + ", which " +
         holder + " (" + scheduling(misuse.scheduling >> 16) + ") holds and which lends no priority";
}

}  // namespace

std::string summary(const Misuse& misuse) {
  switch (misuse.rule) {
    case Rule::kLockHeldAtExit:
      return wording::sentence(misuse.label + " has ended and still holds " + misuse.noun);
    case Rule::kUnlockNotHeld:
    case Rule::kUnlockNotOwner:
      return wording::sentence(misuse.label + " unlocks " + misuse.noun + ", " + which_is_held(misuse));
    case Rule::kDestroyWhileHeld:
      return wording::sentence(misuse.label + ends(misuse) + misuse.noun + ' ' + while_in_use(misuse));
    case Rule::kInitWhileHeld:
      return wording::sentence(misuse.label + " initialises " + misuse.noun + " again " +
                               while_in_use(misuse));
    case Rule::kConditionMutexMismatch:
      return wording::sentence(mismatch(misuse));
    case Rule::kWaitWithoutMutex:
      return wording::sentence(without_mutex(misuse));
    case Rule::kPriorityInversion:
      return wording::sentence(inversion(misuse));
    default:
      return wording::sentence(misuse.label + " misuses " + misuse.noun);
  }
}

std::string grade_reason(const Misuse& misuse) {
  if (misuse.grade != record::Grade::kInferred) return {};
  const std::string who = misuse.party ? misuse.party->label : std::string("the thread");
  return wording::sentence("the " + misuse.lock.kind + " does not say who has it: that " + who +
                           " does rests on what it was seen to take and not to give back");
}

std::string fix(const Misuse& misuse) {
  switch (misuse.rule) {
    case Rule::kLockHeldAtExit:
      return "Release the lock on every way out of the thread, exceptions, pthread_exit and cancellation "
             "included: hold "
             "it in a guard object, or push a cleanup handler.";
    case Rule::kUnlockNotHeld:
      return "Unlock once for each lock, on the same path: hold it in a guard object.";
    case Rule::kUnlockNotOwner:
      return "Unlock in the thread that locked. To let one thread wait for another, use a semaphore or a "
             "condition.";
    case Rule::kDestroyWhileHeld:
      return "Wait until every thread that uses it is done, by joining them or by counting references, and "
             "unlock it "
             "before it goes.";
    case Rule::kInitWhileHeld:
      return "Initialise it once, before any other thread can reach it, with a static initialiser or "
             "pthread_once.";
    case Rule::kConditionMutexMismatch:
      return "Use one mutex with each condition: the one that guards what is waited for.";
    case Rule::kWaitWithoutMutex:
      return "Lock the mutex, test the predicate, and wait with that mutex held.";
    case Rule::kPriorityInversion:
      return "Give the mutex the protocol PTHREAD_PRIO_INHERIT or PTHREAD_PRIO_PROTECT, or keep ordinary "
             "threads from "
             "holding what real-time threads need.";
    default:
      return {};
  }
}

}  // namespace gordian::capture
