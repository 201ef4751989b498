#include "analyzer/capture/claim.h"

#include <algorithm>

namespace gordian::capture {
namespace {

using model::Link;
using model::ThreadIndex;

ThreadIndex find(const model::Snapshot& snapshot, uint32_t serial) {
  for (uint32_t i = 0; serial != 0 && i < snapshot.threads.size(); ++i) {
    if (snapshot.threads[i].serial == serial) return {i};
  }
  return {};
}

ClaimMember member_told(const record::Member& told, const model::Snapshot& snapshot) {
  ClaimMember member;
  member.member = {find(snapshot, told.serial), find(snapshot, told.held_by_serial),
                   static_cast<Link>(told.link)};
  member.serial = told.serial;
  member.waits_for = {static_cast<model::ResourceKind>(told.kind), told.waits_for};
  member.held_by_serial = told.held_by_serial;
  member.held_by_tid = told.held_by_tid;
  member.timed = told.timed != 0;
  member.reacquiring = told.phase == 1;
  if (member.member.thread.valid()) {
    const model::Thread& thread = snapshot.threads[member.member.thread.value];
    member.stands = thread.waiting && thread.wait.resource == member.waits_for;
  }
  return member;
}

bool rests_on_ownership(Link link) {
  return link == Link::kOwner || link == Link::kEnded || link == Link::kLeftBehind;
}

}  // namespace

bool Claim::stands() const {
  return std::all_of(members.begin(), members.end(), [](const ClaimMember& member) { return member.stands; });
}

std::vector<verdict::Member> Claim::verdict_members() const {
  std::vector<verdict::Member> all;
  for (const ClaimMember& member : members) all.push_back(member.member);
  return all;
}

std::vector<Claim> claims_told(const record::Record& record, const model::Snapshot& snapshot) {
  std::vector<Claim> claims;
  for (const record::FindingRecord& finding : record.findings) {
    if (record::is_misuse(static_cast<record::Rule>(finding.rule))) continue;
    Claim& claim = claims.emplace_back();
    claim.rule = static_cast<record::Rule>(finding.rule);
    claim.grade = static_cast<record::Grade>(finding.grade);
    claim.members_not_shown = finding.members_dropped;
    claim.behind = finding.behind_count;
    for (uint32_t i = 0; i < finding.member_count; ++i)
      claim.members.push_back(member_told(finding.members[i], snapshot));
  }
  return claims;
}

Claim claim_of(const verdict::Verdict& verdict, const model::Snapshot& snapshot) {
  Claim claim;
  claim.rule = verdict.rule;
  claim.grade = verdict.grade;
  claim.behind = verdict.behind;
  claim.judged_here = true;
  bool ownership = verdict.rule != record::Rule::kGlobalStall && verdict.rule != record::Rule::kLostWakeup;
  for (const verdict::Member& accused : verdict.members) {
    ClaimMember& member = claim.members.emplace_back();
    const model::Thread& thread = snapshot.threads[accused.thread.value];
    member.member = accused;
    member.serial = thread.serial;
    member.waits_for = thread.wait.resource;
    member.timed = thread.wait.timed;
    member.reacquiring = thread.wait.reacquiring;
    member.stands = true;
    member.doubtful = thread.wait.doubtful;
    if (accused.holder.valid()) {
      const model::Thread& holder = snapshot.threads[accused.holder.value];
      member.held_by_serial = holder.serial;
      member.held_by_tid = holder.tid;
      member.by_number = !holder.live() &&
                         std::any_of(holder.holds.begin(), holder.holds.end(), [&](const model::Hold& hold) {
                           return hold.observed && hold.resource == thread.wait.resource;
                         });
    }
    ownership = ownership && rests_on_ownership(accused.link);
  }
  if (!ownership) claim.grade = std::min(claim.grade, record::Grade::kInferred);
  return claim;
}

}  // namespace gordian::capture
