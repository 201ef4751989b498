#include "analyzer/report/rule_texts.h"

namespace gordian::report {

using finding::RuleId;

RuleText text_of(RuleId rule) {
  switch (rule) {
    case RuleId::kDeadlock:
      return {
          "Threads wait for each other.",
          "Each of two or more threads waits for something that another of them has, so that none of them "
          "can ever go on. It is happening: the threads hang.",
          "Take the locks in the same order on every path, or take them together, as std::scoped_lock "
          "does. Join and wait with no lock held that the other side needs."};
    case RuleId::kSelfDeadlock:
      return {
          "A thread waits for what it holds itself.",
          "The thread asks for a lock that it has already and that cannot be taken twice. It waits for "
          "ever.",
          "Split the function into one that locks and one that expects the lock held, and call the second "
          "where it is held."};
    case RuleId::kAbandonedLock:
      return {
          "A thread waits for a lock whose holder has ended.",
          "The thread or process that took the lock is gone and cannot give it back, so the waiting "
          "thread waits for ever.",
          "Release locks by scope, so that no way out of the thread keeps one. Take no lock across fork."};
    case RuleId::kGlobalStall:
      return {"Every thread is blocked for ever.",
              "All threads of the process wait, and none is left that could wake another.",
              "Look for the notification, the post or the arrival that is missing, and for the thread that "
              "ended before it made it."};
    case RuleId::kLostWakeup:
      return {"A thread waits for a signal that nobody can give any more.",
              "Every thread that has ever signalled the condition or posted the semaphore has ended or waits "
              "itself.",
              "Change the state under the mutex and test it before waiting; signal after the state has "
              "changed."};
    case RuleId::kLockOrderInversion:
      return {
          "Locks are taken in conflicting orders.",
          "Two or more threads take the same locks in different orders. When they do so at the same time, "
          "they can wait for each other for ever.",
          "Agree on one order and keep to it on every path, or take the locks together, as "
          "std::scoped_lock does."};
    case RuleId::kLockHeldAtExit:
      return {"A thread ended with a lock held.",
              "Nobody can give the lock back any more. Whoever asks for it next waits for ever.",
              "Release the lock on every way out of the thread; lock by scope."};
    case RuleId::kUnlockNotHeld:
      return {"A lock is released that nobody holds.",
              "Releasing a lock that is free is undefined behaviour. It can let two threads into a critical "
              "section later.",
              "Pair each release with one acquisition; lock by scope."};
    case RuleId::kUnlockNotOwner:
      return {
          "A lock is released by a thread that does not hold it.",
          "Releasing another thread's lock is undefined behaviour, and ends that thread's critical section "
          "without its knowledge.",
          "Release a lock in the thread that took it. To hand something over between threads, use a "
          "semaphore or a condition."};
    case RuleId::kDestroyWhileHeld:
      return {"A lock is destroyed while it is held or waited for.",
              "Whoever holds or waits for the lock goes on in memory that no longer is one.",
              "End or join the threads that use a lock before it is destroyed."};
    case RuleId::kInitWhileHeld:
      return {"A lock is initialised while it is held or waited for.",
              "The lock is free from then on, although a thread is still in its critical section.",
              "Initialise a lock once, before any thread can see it."};
    case RuleId::kConditionMutexMismatch:
      return {
          "One condition is waited on with different mutexes.",
          "All threads that wait on a condition at the same time must use the same mutex; otherwise it is "
          "undefined behaviour, and wake-ups can be lost.",
          "Give each condition one mutex, that of the state which it is about."};
    case RuleId::kWaitWithoutMutex:
      return {
          "A condition is waited on without holding the mutex.",
          "The wait releases a mutex that the thread does not hold, and a signal between the test and the "
          "wait is lost.",
          "Lock the mutex, test the state in a loop, and wait with the mutex held."};
    case RuleId::kPriorityInversion:
      return {"A real-time thread waits for a thread of lower priority.",
              "The holder can be kept from running by threads between the two priorities, and the real-time "
              "thread waits as long.",
              "Use a mutex with priority inheritance (PTHREAD_PRIO_INHERIT), or share no lock between the "
              "two."};
    case RuleId::kDoubleLock:
      return {
          "A lock is taken again where it is held.",
          "The lock cannot be taken twice: a thread that comes this way waits for itself for ever.",
          "Split the function into one that locks and one that expects the lock held, and call the second "
          "where it is held."};
    case RuleId::kMissingUnlock:
      return {"A path leaves the function with a lock that other paths release.",
              "Whoever asks for the lock after that path was taken waits for ever.",
              "Release the lock on every way out; lock by scope."};
    case RuleId::kWaitWithoutLoop:
      return {"A condition wait does not test its state again.",
              "A wait may end without a signal, and another thread may have taken what was signalled.",
              "Wait in a loop that tests the state, or give the wait a predicate."};
    case RuleId::kBlockingUnderLock:
      return {"A thread blocks while it holds a lock.",
              "Every thread that needs the lock waits as long; if what is waited for needs the lock too, for "
              "ever.",
              "Release the lock before a call that may block; copy what it needs first."};
    case RuleId::kLockAcrossCoAwait:
      return {"A lock is held while a coroutine is suspended.",
              "Other work runs meanwhile with the lock held, and the coroutine may go on in another thread, "
              "which must not release it.",
              "End the critical section before the suspension point."};
    case RuleId::kUnnamedGuard:
      return {"A guard has no name and dies at once.",
              "The lock is released again at the end of the statement: what follows is not protected.",
              "Give the guard a name."};
    case RuleId::kDataRace:
      return {"Two threads use the same memory, one of them writing, without a common lock or an order.",
              "It is undefined behaviour: values can be lost, torn or old.",
              "Hold one lock at every use, or make the variable atomic."};
  }
  return {"An unknown rule.", "This version of gordian does not describe it.", ""};
}

}  // namespace gordian::report
