#include "analyzer/capture/race_findings.h"

#include <algorithm>
#include <map>
#include <span>

#include "analyzer/capture/atomic_access.h"
#include "analyzer/capture/function_names.h"
#include "analyzer/capture/rules.h"
#include "analyzer/capture/stacks.h"
#include "analyzer/capture/thread_names.h"
#include "analyzer/finding/fingerprint.h"

namespace gordian::capture {
namespace {

using record::RaceAccess;
using record::RaceMemory;
using record::RaceRecord;
using record::RaceSide;

bool writes(const RaceSide& side) {
  return side.access != RaceAccess::kRead && side.access != RaceAccess::kUse;
}

bool is_end(RaceAccess access) {
  return access == RaceAccess::kFree || access == RaceAccess::kEnd;
}

std::string mode_of(const RaceSide& side) {
  return writes(side) ? "write" : "read";
}

std::string verb_of(const RaceSide& side, RaceMemory memory) {
  const std::string how = side.is_atomic != 0 ? " atomically" : "";
  switch (side.access) {
    case RaceAccess::kRead:
      return "reads" + how;
    case RaceAccess::kUpdate:
      return "updates" + how;
    case RaceAccess::kFree:
      return "frees";
    case RaceAccess::kUse:
      return "uses";
    case RaceAccess::kEnd:
      return memory == RaceMemory::kDescriptor ? "closes" : "destroys";
    default:
      return "writes" + how;
  }
}

// `accounts+0x28` names the variable; the offset changes with the next edit.
std::string without_member_offset(const std::string& name) {
  return name.substr(0, name.find("+0x"));
}

std::string place_of_access(const finding::Stack& stack) {
  const finding::Frame* own = own_frame(stack);
  if (own != nullptr) return place(*own);
  return stack.empty() ? std::string() : place(stack.front());
}

class RaceTeller {
 public:
  RaceTeller(const record::Record& record, const Scene& scene, AddressNames& names, uint32_t stack_depth)
      : pid_(scene.pid()), names_(names), threads_(record, names), stacks_(names, stack_depth) {
    for (const record::ResourceRecord& resource : record.resources)
      if (resource.kind != 0)
        resources_[{static_cast<model::ResourceKind>(resource.kind), resource.address}] = &resource;
  }

  finding::Finding tell(const RaceRecord& race) {
    finding::Finding finding;
    finding.rule = finding::RuleId::kDataRace;
    finding.pid = pid_;
    finding.occurrences = static_cast<uint32_t>(
        std::clamp<uint64_t>(race.occurrences, 1, std::numeric_limits<uint32_t>::max()));
    const finding::ResourceName memory = name_memory(race);
    for (const RaceSide& side : race.sides) finding.cycle.push_back(step_of(side, memory));
    finding.grade = grade_of(settled(race, finding));
    finding.summary = summary_of(race, finding);
    finding.grade_reason = reason_of(race, finding.grade);
    finding.fix = fix_of(race);
    finding.fingerprint = fingerprint_of_race(finding);
    return finding;
  }

 private:
  // Of instructions alone it is not known whether they are atomic operations; what the source says may tell.
  record::Grade settled(const RaceRecord& race, const finding::Finding& finding) const {
    if (race.by == record::RaceBy::kOrder) return static_cast<record::Grade>(race.grade);
    return settled_grade(race, atomic_use(finding.cycle[0].waiting_at, lines_),
                         atomic_use(finding.cycle[1].waiting_at, lines_));
  }

  finding::Step step_of(const RaceSide& side, const finding::ResourceName& memory) {
    finding::Step step;
    step.thread = threads_.name(side.serial);
    if (step.thread.tid == 0) step.thread.tid = side.tid;
    step.waits_for = memory;
    step.waits_for.address = side.address;
    step.wait_mode = mode_of(side);
    step.link = "access";
    step.waiting_at =
        stacks_.call(std::span(side.frames, std::min(side.frame_count, record::kMaxRaceFrames)));
    for (const record::Hold& hold : std::span(side.holds, std::min(side.hold_count, record::kMaxRaceHolds)))
      step.holds.push_back(acquisition_of(hold));
    return step;
  }

  finding::Acquisition acquisition_of(const record::Hold& hold) {
    const ResourceKey key{static_cast<model::ResourceKind>(record::word_kind(hold.word)),
                          record::word_address(hold.word)};
    const auto known = resources_.find(key);
    finding::Acquisition acquisition;
    acquisition.acquired_at = stacks_.at(hold.site);
    acquisition.mode = (hold.word & record::kSharedBit) != 0 ? "shared" : "exclusive";
    acquisition.resource = name_of_lock(key, known == resources_.end() ? nullptr : known->second,
                                        {{hold.site, acquisition.acquired_at}}, names_);
    return acquisition;
  }

  finding::ResourceName name_memory(const RaceRecord& race) {
    finding::ResourceName name;
    const uint64_t address = race.sides[1].address;
    name.address = address;
    name.kind = "variable";
    if (const auto variable = names_.variable_at(address); variable && !variable->name.empty()) {
      name.name = variable->name;
      name.stable = without_member_offset(variable->name);
      name.module = variable->module;
      name.module_offset = variable->module_offset;
      return name;
    }
    switch (race.memory) {
      case RaceMemory::kHeap:
        return name_block(race, std::move(name));
      case RaceMemory::kStack:
        name.name = "a variable on the stack of " + threads_.label(race.owner);
        name.stable = "variable on a stack";
        return name;
      case RaceMemory::kThreadLocal:
        name.name = "a thread-local variable of " + threads_.label(race.owner);
        name.stable = "thread-local variable";
        return name;
      case RaceMemory::kDescriptor:
        name.kind = "descriptor";
        name.name = "file descriptor " + std::to_string(address / 8 - 1);
        name.stable = "file descriptor";
        return name;
      case RaceMemory::kGlobal:
      case RaceMemory::kUnknown:
        break;
    }
    name.name = "the memory at " + hexadecimal(address);
    name.stable = "memory";
    return name;
  }

  finding::ResourceName name_block(const RaceRecord& race, finding::ResourceName name) {
    const finding::Stack origin =
        stacks_.call(std::span(race.origin, std::min(race.origin_frame_count, record::kMaxRaceFrames)));
    name.kind = "block";
    name.name = "the block of " + std::to_string(race.object_size) + " bytes";
    name.stable = "block";
    const std::string at = place_of_access(origin);
    if (at.empty()) return name;
    name.name += " allocated at " + at;
    const std::string function = own_function(origin);
    if (!function.empty()) name.stable += " allocated at " + function;
    return name;
  }

  static std::string caller_of(const finding::Step& step) {
    const std::string function = own_function(step.waiting_at);
    if (!function.empty()) return function;
    return step.waiting_at.empty() ? std::string("a thread") : place(step.waiting_at.front());
  }

  // The one who writes, or frees, first.
  static std::string summary_of(const RaceRecord& race, const finding::Finding& finding) {
    const bool later_first = !writes(race.sides[0]) || is_end(race.sides[1].access);
    const RaceSide& first = race.sides[later_first ? 1 : 0];
    const RaceSide& second = race.sides[later_first ? 0 : 1];
    const std::string one = caller_of(finding.cycle[later_first ? 1 : 0]);
    const std::string other = caller_of(finding.cycle[later_first ? 0 : 1]);
    return one + " " + verb_of(first, race.memory) + " " + finding.cycle[0].waits_for.name + ", and " +
           other + (one == other ? " in another thread " : " ") + verb_of(second, race.memory) + " it" +
           how_known(race.by);
  }

  static std::string how_known(record::RaceBy by) {
    switch (by) {
      case record::RaceBy::kCaught:
        return ": one stood at its access when the other came to the same memory.";
      case record::RaceBy::kLockset:
        return " with no lock in common.";
      default:
        return ": nothing in this run puts one before the other.";
    }
  }

  static std::string reason_of_suspicion(const RaceRecord& race, finding::Grade grade) {
    if ((race.bits & record::kRaceMaybeOrdered) != 0)
      return "one side takes a lock for it and the other does not, but the program may order the two in a "
             "way "
             "that the hooks do not see: by atomic operations of its own, or by handing memory over";
    if (grade == finding::Grade::kUnlikely)
      return "one side takes a lock for it and the other does not, but they may be atomic operations, which "
             "look the same";
    return "one side takes a lock for it and the other does not, time and again, and nothing that is seen "
           "orders the two; they were not caught together";
  }

  static std::string reason_of(const RaceRecord& race, finding::Grade grade) {
    if (grade == finding::Grade::kProven) return {};
    if ((race.bits & record::kRaceLifetime) != 0)
      return "one of the two ends the memory's life: an order that was made past the hooks would not have "
             "been "
             "seen";
    if ((race.bits & record::kRaceVirtualCall) != 0)
      return "it is about the object's table of virtual functions, which compilers write and read by "
             "themselves";
    if (race.by == record::RaceBy::kLockset) return reason_of_suspicion(race, grade);
    if ((race.bits & record::kRaceMaybeAtomic) != 0) {
      return grade == finding::Grade::kInferred
                 ? "the two were caught together; that they are no atomic operations, which would look the "
                   "same, "
                   "is what debug information and the source say"
                 : "the two were caught together, but they may be atomic operations, which look the same";
    }
    if (race.sides[0].is_atomic != race.sides[1].is_atomic)
      return "one of the accesses is atomic: it may be meant to be unordered, and the other one is not";
    return "an order may have been made in a way that is not seen: past the hooks, or by code that was not "
           "compiled for it";
  }

  static std::string fix_of(const RaceRecord& race) {
    if ((race.bits & record::kRaceLifetime) != 0)
      return "Free the memory only when every other user is known to be done with it: join the thread, or "
             "share "
             "the ownership.";
    if ((race.bits & record::kRaceVirtualCall) != 0)
      return "Let nobody use the object before its constructor has returned or after its destructor has "
             "begun.";
    return "Hold one lock at every use, or make the variable atomic.";
  }

  uint32_t pid_;
  AddressNames& names_;
  ThreadNames threads_;
  Stacks stacks_;
  std::map<ResourceKey, const record::ResourceRecord*> resources_;
  const LineReader lines_ = lines_of_files();
};

// Which lines, about which variable: `x += 1` reads and writes, and is one place.
std::string place_key(const finding::Finding& finding) {
  std::vector<std::string> places;
  for (const finding::Step& step : finding.cycle) {
    const finding::Frame* own = own_frame(step.waiting_at);
    if (own == nullptr && !step.waiting_at.empty()) own = &step.waiting_at.front();
    if (own == nullptr) continue;
    places.push_back(own->file.empty() ? own->module + hexadecimal(own->module_offset)
                                       : own->file + ':' + std::to_string(own->line));
  }
  std::sort(places.begin(), places.end());
  std::string key = finding.cycle[0].waits_for.stable;
  for (const std::string& each : places) key += '\n' + each;
  return key;
}

}  // namespace

std::string fingerprint_of_race(const finding::Finding& finding) {
  std::vector<finding::FingerprintStep> parts;
  for (const finding::Step& step : finding.cycle)
    parts.push_back({step.waits_for.stable, {}, own_function(step.waiting_at)});
  return finding::fingerprint(name_of(finding.rule), parts, false);
}

std::vector<finding::Finding> race_findings(const record::Record& record, const Scene& scene,
                                            AddressNames& names, uint32_t stack_depth) {
  std::vector<finding::Finding> findings;
  if (record.races.empty()) return findings;
  RaceTeller teller(record, scene, names, stack_depth);
  std::map<std::string, size_t> by_place;
  for (const RaceRecord& race : record.races) {
    finding::Finding told = teller.tell(race);
    const auto [known, is_new] = by_place.try_emplace(place_key(told), findings.size());
    if (is_new) {
      findings.push_back(std::move(told));
      continue;
    }
    finding::Finding& first = findings[known->second];
    told.occurrences += first.occurrences;
    // What was only suspected first may be caught later. Else the first one stays as it is: a later look at a
    // process that runs must find it again.
    if (race.by == record::RaceBy::kCaught && told.grade > first.grade)
      first = std::move(told);
    else
      first.occurrences = told.occurrences;
  }
  return findings;
}

}  // namespace gordian::capture
