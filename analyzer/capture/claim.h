// What a judge claims: which threads can never go on, and how each depends on the next. One form for the
// findings that the watched process told and for the verdicts that are reached here, so that both are put
// into words in the same way.
//
// Promises: plain data and pure functions. A member that is no longer in the wait it was accused of is kept,
// with `stands` false.
#pragma once

#include <optional>
#include <vector>

#include "analyzer/model/snapshot.h"
#include "analyzer/record/reader.h"
#include "analyzer/verdict/deadlock.h"

namespace gordian::capture {

struct ClaimMember {
  verdict::Member member;  // thread and holder are invalid when the snapshot no longer has them
  uint32_t serial = 0;
  model::ResourceKey waits_for;
  uint32_t held_by_serial = 0;
  uint32_t held_by_tid = 0;
  bool timed = false;
  bool reacquiring = false;
  bool stands = false;
  bool doubtful = false;   // see model::Wait
  bool by_number = false;  // its owner is gone, and known by a number alone
};

struct Claim {
  record::Rule rule = record::Rule::kNone;
  record::Grade grade = record::Grade::kNone;
  std::vector<ClaimMember> members;
  uint32_t members_not_shown = 0;
  uint32_t behind = 0;
  bool judged_here = false;  // from a record, a process or a core, not by the process itself
  std::optional<verdict::Conditions> conditions;

  bool stands() const;
  std::vector<verdict::Member> verdict_members() const;
};

// Of the rules about threads that wait for each other; misuse_findings.h has the others.
std::vector<Claim> claims_told(const record::Record& record, const model::Snapshot& snapshot);

// A verdict over a record alone: what rests on anything but ownership is `inferred` at most, for nobody can
// look into the process any more.
Claim claim_of(const verdict::Verdict& verdict, const model::Snapshot& snapshot);

}  // namespace gordian::capture
