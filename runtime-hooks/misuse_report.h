// From a wrong call to its finding in the flight record: told once, with the stack of the call.
//
// Promises: the same call by the same way about the same kind of lock is told once; no more than kMaxMisuses
// in a process, so that there is room for deadlocks. What goes beyond is counted in Unseen::kFindings.
#pragma once

#include "runtime-hooks/parties.h"
#include "runtime-hooks/runtime.h"
#include "runtime-hooks/site.h"

namespace gordian::hooks {

inline constexpr uint32_t kMaxMisuses = record::kMaxFindings / 2;

struct Misuse {
  record::Rule rule = record::Rule::kNone;
  record::Grade grade = record::Grade::kProven;
  ResourceKind kind = ResourceKind::kNone;
  uint64_t address = 0;
  Party party;             // who has it or waits for it, where it is known
  uint32_t owner_tid = 0;  // where the owner is a thread of another process
  ResourceKind second_kind = ResourceKind::kNone;
  uint64_t second = 0;
  Hold own_hold{};  // what the caller itself took, where it matters; empty otherwise
};

// In the thread `self`, which makes the call.
void tell_misuse(const ThreadRecord* self, const Misuse& misuse, const Site& site);

// By the judge, of a thread that waits and whose stack it has captured; `site` is that of the wait.
void tell_inversion(const ThreadRecord& waiting, const Misuse& misuse, uint64_t site);

// The child of a fork tells its own.
void misuse_after_fork();

}  // namespace gordian::hooks
