#include "analyzer/capture/misuse.h"

#include <map>

#include "analyzer/capture/function_names.h"
#include "analyzer/capture/stacks.h"
#include "analyzer/capture/thread_names.h"

namespace gordian::capture {
namespace {

using record::EvidenceEntry;
using record::FindingRecord;
using record::Member;

ResourceKey key_of(uint64_t word) {
  return {record::word_kind(word), record::word_address(word)};
}

class Teller {
 public:
  Teller(const record::Record& record, const Scene& scene, AddressNames& names, uint32_t stack_depth)
      : record_(record), scene_(scene), names_(names), threads_(record, names), stacks_(names, stack_depth) {
    for (const record::ResourceRecord& resource : record.resources) {
      if (resource.kind == 0) continue;
      resources_[{static_cast<model::ResourceKind>(resource.kind), resource.address}] = &resource;
    }
  }

  Misuse tell(const FindingRecord& finding) {
    const Member& member = finding.members[0];
    const EvidenceEntry evidence = record::evidence_at(record_, finding.evidence);
    const ResourceKey lock{static_cast<model::ResourceKind>(member.kind), member.waits_for};
    Misuse told;
    told.rule = static_cast<record::Rule>(finding.rule);
    told.grade = static_cast<record::Grade>(finding.grade);
    told.thread = threads_.name(member.serial);
    told.label = threads_.label(member.serial);
    told.call = stacks_.call(evidence.frames);
    if (told.call.empty()) told.call = stacks_.at(finding.site);
    told.lock = lock_name(lock, evidence);
    told.noun = lock_noun(told.lock);
    told.party = party_of(member, evidence);
    told.holds = holds_of(evidence);
    // It made no call; what matters is where it should have made one.
    if (told.rule == record::Rule::kLockHeldAtExit && told.party && !told.party->at.empty())
      told.call = told.party->at;
    add_second(finding, evidence, told);
    return told;
  }

 private:
  // The life that was meant may be over, and its address another lock's.
  finding::ResourceName lock_name(const ResourceKey& key, const EvidenceEntry& evidence) {
    const record::Hold* taken = nullptr;
    for (const record::Hold& hold : evidence.holds)
      if (key_of(hold.word) == key) taken = &hold;
    const auto found = resources_.find(key);
    const record::ResourceRecord* resource = found == resources_.end() ? nullptr : found->second;
    const bool later_life = resource != nullptr && taken != nullptr && taken->generation != 0 &&
                            taken->generation != resource->generation;
    if (later_life) return name_of_lock(key, nullptr, {{taken->site, stacks_.at(taken->site)}}, names_);
    if (resource != nullptr && (resource->flags & record::kResourceEnded) != 0)
      return name_of_lock(key, resource, {}, names_);
    return scene_.resource_name(key);
  }

  std::optional<Party> party_of(const Member& member, const EvidenceEntry& evidence) {
    if (member.held_by_serial == 0 && member.held_by_tid == 0) return {};
    Party party;
    if (member.held_by_serial == 0) {
      party.thread.tid = member.held_by_tid;
      party.label = "thread " + std::to_string(member.held_by_tid) + " of another process";
      return party;
    }
    party.thread = threads_.name(member.held_by_serial);
    party.label = threads_.label(member.held_by_serial);
    party.is_caller = member.held_by_serial == member.serial;
    if (evidence.holds.empty()) return party;
    party.waits = record::word_status(evidence.holds[0].word) == record::HoldStatus::kAttempting;
    party.at = stacks_.acquired(evidence.holds[0], evidence.frames);
    return party;
  }

  std::vector<finding::Acquisition> holds_of(const EvidenceEntry& evidence) {
    std::vector<finding::Acquisition> holds;
    for (const record::Hold& hold : evidence.holds) {
      if (record::word_status(hold.word) != record::HoldStatus::kHeld) continue;
      finding::Acquisition& acquisition = holds.emplace_back();
      acquisition.resource = lock_name(key_of(hold.word), evidence);
      acquisition.mode = (hold.word & record::kSharedBit) != 0 ? "shared" : "exclusive";
      acquisition.acquired_at = stacks_.acquired(hold, evidence.frames);
    }
    return holds;
  }

  void add_second(const FindingRecord& finding, const EvidenceEntry& evidence, Misuse& told) {
    if (told.rule == record::Rule::kDestroyWhileHeld && finding.second <= record::kLastEnding)
      told.ending = static_cast<record::Ending>(finding.second);
    if (told.rule == record::Rule::kPriorityInversion) told.scheduling = finding.second;
    if (finding.second_kind == 0) return;
    const ResourceKey second{static_cast<model::ResourceKind>(finding.second_kind), finding.second};
    told.second_noun = lock_noun(lock_name(second, evidence));
    if (told.rule == record::Rule::kConditionMutexMismatch && !told.holds.empty())
      told.own_noun = lock_noun(told.holds.back().resource);
  }

  const record::Record& record_;
  const Scene& scene_;
  AddressNames& names_;
  ThreadNames threads_;
  Stacks stacks_;
  std::map<ResourceKey, const record::ResourceRecord*> resources_;
};

}  // namespace

std::vector<Misuse> misuses_told(const record::Record& record, const Scene& scene, AddressNames& names,
                                 uint32_t stack_depth) {
  std::vector<Misuse> told;
  std::optional<Teller> teller;  // made only where it has something to tell
  for (const FindingRecord& finding : record.findings) {
    if (!record::is_misuse(static_cast<record::Rule>(finding.rule))) continue;
    if (!teller) teller.emplace(record, scene, names, stack_depth);
    told.push_back(teller->tell(finding));
  }
  return told;
}

}  // namespace gordian::capture
