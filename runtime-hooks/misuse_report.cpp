#include "runtime-hooks/misuse_report.h"

#include "runtime-hooks/evidence.h"
#include "runtime-hooks/judge/finding_table.h"
#include "runtime-hooks/judge/plain_misuse.h"
#include "runtime-hooks/options.h"
#include "runtime-hooks/resources.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using record::Evidence;
using record::FindingRecord;
using record::ResourceRecord;

namespace {

// A loop that makes the same wrong call for ever must not unwind for ever: after that many stacks, what comes
// from the same site by the same callers is taken to be known.
constexpr uint32_t kStacksOfSite = 16;

// A set of keys that never shrinks, each with a count. 0 is no key.
template <uint32_t kSize>
struct Keys {
  static constexpr uint32_t kFull = UINT32_MAX;
  uint64_t key[kSize];
  uint32_t count[kSize];

  // How often it was counted before; kFull where there is no place for it.
  uint32_t add(uint64_t wanted) {
    for (uint32_t probe = 0; probe < kSize; ++probe) {
      const uint32_t place = static_cast<uint32_t>(wanted + probe) % kSize;
      uint64_t there = 0;
      if (__atomic_compare_exchange_n(&key[place], &there, wanted, false, __ATOMIC_RELAXED,
                                      __ATOMIC_RELAXED) ||
          there == wanted)
        return __atomic_fetch_add(&count[place], 1, __ATOMIC_RELAXED);
    }
    return kFull;
  }
};

constinit Keys<512> sites{};
constinit Keys<2 * kMaxMisuses> stacks{};
constinit uint32_t told = 0;

uint64_t mix(uint64_t hash, uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15u;
  return hash ^ hash >> 32;
}

// Locks that are made at one place are of one kind.
uint64_t class_of(const Misuse& misuse) {
  const ResourceRecord* resource = resources.find(misuse.kind, misuse.address);
  if (resource == nullptr) return misuse.address;
  return resource->init_site != 0 ? resource->init_site : resource->first_site;
}

uint64_t subject_of(const Misuse& misuse) {
  const uint64_t subject =
      uint64_t{static_cast<uint16_t>(misuse.rule)} << 8 | static_cast<uint64_t>(misuse.kind);
  return mix(mix(0, subject), class_of(misuse));
}

// Without a walk: the site, and the callers where there are frame pointers.
bool is_worth_a_walk(const ThreadRecord* self, const Misuse& misuse, const Site& site) {
  Hold callers{};
  if (has_callers(site)) read_callers(self, &callers, site.stack_pointer, site.frame_pointer);
  uint64_t key = mix(subject_of(misuse), site.return_address);
  for (uint32_t i = 0; i < callers.caller_count && i < 3; ++i) key = mix(key, callers.callers[i]);
  const uint32_t before = sites.add(key | 1);
  if (before == sites.kFull) runtime.count(Unseen::kFindings);
  return before < kStacksOfSite;
}

uint64_t key_of_stack(const Misuse& misuse, uint64_t site, const Evidence* evidence) {
  uint64_t key = mix(subject_of(misuse), site);
  if (misuse.rule == record::Rule::kPriorityInversion) key = mix(key, misuse.party.entry.site);
  if (evidence == nullptr) return key | 1;
  const auto* frames = reinterpret_cast<const record::Frame*>(evidence + 1);
  for (uint32_t i = 0; i < evidence->frame_count; ++i) key = mix(key, frames[i].address);
  return key | 1;
}

// The acquisitions that belong to it. What lies on another thread's stack has no place on this one.
uint32_t collect_holds(const ThreadRecord* self, const Misuse& misuse, Hold (&holds)[2]) {
  uint32_t count = 0;
  if (misuse.party.found()) {
    Hold& hold = holds[count++];
    hold = misuse.party.entry;
    if (misuse.party.thread != self) hold.stack_pointer = hold.caller_frame = 0;
  }
  if (misuse.own_hold.word != 0) holds[count++] = misuse.own_hold;
  for (uint32_t i = 0; i < count; ++i) {
    const auto* resource =
        resources.find(record::word_kind(holds[i].word), record::word_address(holds[i].word));
    if (resource != nullptr) holds[i].generation = resource->generation;
  }
  return count;
}

void fill(FindingRecord& finding, const ThreadRecord* self, const Misuse& misuse, uint64_t site,
          uint32_t evidence) {
  finding.rule = static_cast<uint16_t>(misuse.rule);
  finding.grade = static_cast<uint16_t>(misuse.grade);
  finding.live_threads = runtime.live_threads.load(std::memory_order_relaxed);
  finding.evidence = evidence;
  finding.site = site;
  finding.second_kind = static_cast<uint32_t>(misuse.second_kind);
  finding.second = misuse.second;
  finding.member_count = 1;
  record::Member& member = finding.members[0];
  member.slot = runtime.slot_of(self);
  member.serial = self->serial;
  member.progress = self->progress;
  member.waits_for = misuse.address;
  member.kind = static_cast<uint8_t>(misuse.kind);
  member.held_by_tid = misuse.owner_tid;
  if (!misuse.party.found()) return;
  member.held_by_slot = runtime.slot_of(misuse.party.thread);
  member.held_by_serial = misuse.party.thread->serial;
  member.held_by_tid = misuse.party.thread->tid;
}

void tell_once(const ThreadRecord* self, const Misuse& misuse, uint64_t site, uint32_t evidence) {
  const uint32_t before = stacks.add(key_of_stack(misuse, site, evidence_at(evidence)));
  if (before != 0 && before != stacks.kFull) return;
  if (before == stacks.kFull || __atomic_fetch_add(&told, 1, __ATOMIC_RELAXED) >= kMaxMisuses) {
    runtime.count(Unseen::kFindings);
    return;
  }
  FindingRecord* finding = claim_finding();
  if (finding == nullptr) return;
  note_origin(self);
  if (misuse.party.found()) note_origin(misuse.party.thread);
  fill(*finding, self, misuse, site, evidence);
  publish_finding(*finding);
  if (!tell_launcher() && !runtime.options().quiet) print_misuse(*finding);
}

}  // namespace

[[gnu::noinline]] void tell_misuse(const ThreadRecord* self, const Misuse& misuse, const Site& site) {
  if (!is_worth_a_walk(self, misuse, site)) return;
  Registers registers;
  capture(registers);
  Hold holds[2];
  const uint32_t count = collect_holds(self, misuse, holds);
  tell_once(self, misuse, site.return_address, keep_evidence(self, registers, holds, count));
}

void tell_inversion(const ThreadRecord& waiting, const Misuse& misuse, uint64_t site) {
  Hold holds[2];
  const uint32_t count = collect_holds(&waiting, misuse, holds);
  tell_once(&waiting, misuse, site, keep_evidence_of(waiting, holds, count));
}

void misuse_after_fork() {
  sites = {};
  stacks = {};
  told = 0;
}

}  // namespace gordian::hooks
