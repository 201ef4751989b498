#include "runtime-hooks/race-runtime/race_report.h"

#include <dlfcn.h>

#include "runtime-hooks/judge/plain_names.h"
#include "runtime-hooks/options.h"
#include "runtime-hooks/race-runtime/benign.h"
#include "runtime-hooks/race-runtime/descriptor_life.h"
#include "runtime-hooks/race-runtime/heap.h"
#include "runtime-hooks/race-runtime/instrumented.h"
#include "runtime-hooks/race-runtime/spin.h"
#include "runtime-hooks/race-runtime/suppressions.h"
#include "runtime-hooks/race-runtime/tsan_options.h"
#include "runtime-hooks/race_table.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks::races {

using record::RaceAccess;
using record::RaceMemory;
using record::RaceRecord;
using record::RaceSide;

namespace {

// Pairs of instructions that were told, and where. Never shrinks.
constexpr uint32_t kPairs = 4096;
struct Told {
  uint64_t key;
  RaceRecord* race;
};
constinit Told told[kPairs] = {};
constinit Spin printing{};
constinit Line line;

uint64_t mix(uint64_t a) {
  a *= 0x9E3779B97F4A7C15u;
  return a ^ a >> 32;
}

// The same whichever of the two came first.
uint64_t key_of_pair(uint64_t a, uint64_t b) {
  return (a < b ? mix(mix(a) ^ b) : mix(mix(b) ^ a)) | 1;
}

// Null where there is no place left. `is_new`: nobody has told it.
Told* place_of_pair(uint64_t key, bool& is_new) {
  for (uint32_t probe = 0; probe < kPairs; ++probe) {
    Told& place = told[(key + probe) % kPairs];
    uint64_t there = 0;
    is_new = __atomic_compare_exchange_n(&place.key, &there, key, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
    if (is_new || there == key) return &place;
  }
  return nullptr;
}

RaceAccess access_of(Entry entry, Manner manner) {
  if (manner == Manner::kFree) return RaceAccess::kFree;
  if (manner == Manner::kUse) return RaceAccess::kUse;
  if (manner == Manner::kEnd) return RaceAccess::kEnd;
  return is_write(entry) ? RaceAccess::kWrite : RaceAccess::kRead;
}

void fill_side(RaceSide& side, uint64_t word, Entry entry, uint32_t context) {
  const Place place = place_of(context);
  const SlotOwner owner = owner_of(slot_of(entry), clock_of(entry));
  side.address = word + first_of(entry);
  side.size = size_of(entry);
  side.serial = owner.serial;
  side.tid = owner.tid;
  side.access = access_of(entry, place.manner);
  side.is_atomic = is_atomic(entry) ? 1 : 0;
  side.frame_count = frames_of(context, side.frames, record::kMaxRaceFrames);
  side.hold_count = holds_of(place.lockset, side.holds, record::kMaxRaceHolds);
}

bool is_on_stack(const ThreadRecord& thread, uint64_t address) {
  return address >= thread.stack_low && address < thread.stack_high;
}
// glibc puts a thread's own variables below its descriptor, on top of its stack.
bool is_own_variable(const ThreadRecord& thread, uint64_t address) {
  constexpr uint64_t kBelow = 4096, kAbove = 2304;
  const uint64_t handle = thread.pthread_handle;
  return handle != 0 && address < handle + kAbove && address + kBelow > handle;
}

void describe_memory(RaceRecord& race, uint64_t address) {
  if (address < kDescriptorsEnd) {
    race.memory = RaceMemory::kDescriptor;
    return;
  }
  dl_find_object object;
  if (_dl_find_object(reinterpret_cast<void*>(address), &object) == 0) {
    race.memory = RaceMemory::kGlobal;
    return;
  }
  for (uint32_t slot = 0; slot < runtime.thread_slots(); ++slot) {
    const ThreadRecord& thread = runtime.thread(slot);
    if (thread.state != static_cast<uint32_t>(record::ThreadState::kLive)) continue;
    const bool on_stack = is_on_stack(thread, address);
    if (!on_stack && !is_own_variable(thread, address)) continue;
    race.memory = on_stack ? RaceMemory::kStack : RaceMemory::kThreadLocal;
    race.owner = thread.serial;
    return;
  }
  const HeapBlock block = block_around(address);
  if (block.address == 0) return;
  race.memory = RaceMemory::kHeap;
  race.object = block.address;
  race.object_size = block.size;
  race.owner = block.serial;
  race.origin_frame_count = frames_of(block.context, race.origin, record::kMaxRaceFrames);
}

// C++ [intro.races]: two accesses that conflict, are unordered and are not both atomic are a data race. What
// we may have missed is an order made by what we do not see.
bool sees_everything() {
  const auto& unseen = runtime.header().unseen;
  for (const Unseen what : {Unseen::kThreads, Unseen::kForeignThreads, Unseen::kRawFutex, Unseen::kResources,
                            Unseen::kRecordGrowth})
    if (unseen[static_cast<uint32_t>(what)] != 0) return false;
  return all_is_instrumented();
}

// `begins_life`: one of the two mapped the memory.
void grade(RaceRecord& race, bool begins_life) {
  race.by = record::RaceBy::kOrder;
  race.bits = 0;
  bool both_plain = true;
  for (const RaceSide& side : race.sides) {
    if (side.is_atomic != 0) both_plain = false;
    if (side.access == RaceAccess::kFree || side.access == RaceAccess::kEnd)
      race.bits |= record::kRaceLifetime;
  }
  if (begins_life) race.bits |= record::kRaceLifetime;
  const bool certain = both_plain && race.bits == 0 && sees_everything();
  race.grade = static_cast<uint16_t>(certain ? record::Grade::kProven : record::Grade::kInferred);
}

const char* word_for(const RaceSide& side) {
  const bool atomic = side.is_atomic != 0;
  switch (side.access) {
    case RaceAccess::kRead:
      return atomic ? "reads, atomically, " : "reads ";
    case RaceAccess::kFree:
      return "frees ";
    case RaceAccess::kUse:
      return "uses ";
    case RaceAccess::kEnd:
      return "ends the life of ";
    default:
      return atomic ? "writes, atomically, " : "writes ";
  }
}

void add_thread_of(const RaceSide& side) {
  for (uint32_t slot = 0; slot < runtime.thread_slots(); ++slot) {
    if (runtime.thread(slot).serial != side.serial) continue;
    add_thread(line, runtime.thread(slot));
    return;
  }
  line.add("thread ").add(side.tid).add(", which has ended,");
}

void print_side(const RaceSide& side) {
  line.add("  ");
  add_thread_of(side);
  line.add(" ").add(word_for(side)).add(side.size).add(" byte(s) at ").add_hex(side.address);
  line.add("\n").write_to_stderr();
  print_frames(line, side.frames, side.frame_count);
  for (uint32_t i = 0; i < side.hold_count; ++i) {
    line.add("    holds ");
    add_resource(line, record::word_kind(side.holds[i].word), record::word_address(side.holds[i].word));
    line.add("\n      taken at ");
    add_place(line, side.holds[i].site);
    line.add("\n").write_to_stderr();
  }
}

void print_memory(const RaceRecord& race) {
  if (race.memory == RaceMemory::kHeap) {
    line.add("  in the block of ").add(race.object_size).add(" bytes allocated at\n").write_to_stderr();
    print_frames(line, race.origin, race.origin_frame_count);
  } else if (race.memory == RaceMemory::kGlobal) {
    line.add("  in ");
    add_place(line, race.sides[1].address);
    line.add("\n").write_to_stderr();
  }
}

void print_race(const RaceRecord& race) {
  const uint64_t signals = kernel::block_signals();
  {
    SpinGuard turn(printing);
    line.clear();
    line.add("gordian: data-race, ").add(name_of(static_cast<record::Grade>(race.grade)));
    line.add(", in process ").add(kernel::process_id());
    line.add(": two threads access the same memory, and nothing puts one before the other\n");
    line.write_to_stderr();
    for (const RaceSide& side : race.sides) print_side(side);
    print_memory(race);
    print_way_to_record(line);
  }
  kernel::restore_signals(signals);
}

bool is_wanted(Entry earlier, Entry key, Manner before, Manner manner) {
  const TsanOptions& options = tsan_options();
  auto is_ordinary = [](Manner how) { return how == Manner::kPlain || how == Manner::kBulk; };
  const bool is_access = is_ordinary(before) && is_ordinary(manner);
  const bool has_atomic_side = is_access && (is_atomic(earlier) || is_atomic(key));
  return options.report_bugs && (options.report_atomic_races || !has_atomic_side);
}

}  // namespace

[[gnu::noinline, gnu::cold]] void tell_race(RaceThread& self, uint64_t word, Entry earlier, Entry key,
                                            uint64_t pc, Manner manner) {
  if (!detecting || runtime.has_retreated() || is_benign(word + first_of(key), size_of(key))) return;
  const Place before = place_of(context_of(earlier));
  if (order_is_lost() || !is_wanted(earlier, key, before.manner, manner)) return;
  bool is_new = false;
  Told* pair = place_of_pair(key_of_pair(before.pc, pc), is_new);
  if (pair == nullptr) return runtime.count(Unseen::kRaces);
  if (!is_new) {
    RaceRecord* race = __atomic_load_n(&pair->race, __ATOMIC_ACQUIRE);
    if (race != nullptr) __atomic_fetch_add(&race->occurrences, 1, __ATOMIC_RELAXED);
    return;
  }
  RaceRecord* race = claim_race();
  if (race == nullptr) return;
  if (race == &runtime.race(0)) keep_suppressions();
  const uint32_t context = context_at(self, pc, manner);
  fill_side(race->sides[0], word, earlier, context_of(earlier));
  fill_side(race->sides[1], word, key, context);
  for (const RaceSide& side : race->sides) {
    for (uint32_t slot = 0; slot < runtime.thread_slots(); ++slot)
      if (runtime.thread(slot).serial == side.serial) note_origin(&runtime.thread(slot));
  }
  describe_memory(*race, race->sides[1].address);
  grade(*race, before.manner == Manner::kBulk || manner == Manner::kBulk);
  for (const Manner how : {before.manner, manner})
    if (how == Manner::kVirtualTable) race->bits |= record::kRaceVirtualCall;
  race->occurrences = 1;
  __atomic_store_n(&pair->race, race, __ATOMIC_RELEASE);
  publish_race(*race);
  if (!tell_launcher() && !runtime.options().quiet) print_race(*race);
  halt_if_asked();
}

void races_after_fork() {
  for (Told& place : told) place = {};
  printing = {};
}

}  // namespace gordian::hooks::races
