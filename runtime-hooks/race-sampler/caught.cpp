#include "runtime-hooks/race-sampler/caught.h"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>

#include "runtime-hooks/judge/kernel_wait.h"
#include "runtime-hooks/judge/plain_names.h"
#include "runtime-hooks/options.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/race-sampler/module_file.h"
#include "runtime-hooks/race_table.h"
#include "runtime-hooks/unwind.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks::races {

using record::Grade;
using record::RaceAccess;
using record::RaceMemory;
using record::RaceRecord;
using record::RaceSide;

namespace {

struct Told {
  uint64_t first;
  uint64_t second;
  uint32_t times;
  RaceRecord* race;
  bool is_left_out;   // there was no room for it, or it is of no interest
  bool is_suspected;  // told as that
};
constexpr uint32_t kPairs = 2 * record::kMaxRaces;
constexpr uint32_t kWithoutWitness = 3;
constexpr uint32_t kMostSuspicions = record::kMaxRaces / 8;  // the room is for what is caught
constinit uint32_t suspicions = 0;
constinit Told told[kPairs] = {};
constinit uint32_t told_count = 0;

bool writes(const AccessForm& form) {
  return form.access != RaceAccess::kRead;
}

bool is_surely_plain(const CodeMap& map, const Access& access) {
  return access.instruction != 0 &&
         is_surely_plain(access.form, access.address, map.is_gcc(access.instruction));
}

ThreadRecord* owner_of_stack(uint64_t address) {
  for (uint32_t slot = 0; slot < runtime.thread_slots(); ++slot) {
    ThreadRecord& thread = runtime.thread(slot);
    if (thread.state == static_cast<uint32_t>(record::ThreadState::kLive) && address >= thread.stack_low &&
        address < thread.stack_high)
      return &thread;
  }
  return nullptr;
}

void say_whose_memory(RaceRecord& race, uint64_t address) {
  dl_find_object object;
  if (const ThreadRecord* owner = owner_of_stack(address)) {
    race.memory = RaceMemory::kStack;
    race.owner = owner->serial;
  } else if (_dl_find_object(reinterpret_cast<void*>(address), &object) == 0) {
    race.memory = RaceMemory::kGlobal;
  }
}

const char* word_for(RaceAccess access) {
  switch (access) {
    case RaceAccess::kRead:
      return "reads";
    case RaceAccess::kWrite:
      return "writes";
    case RaceAccess::kUpdate:
      return "updates";
    default:
      return "accesses";
  }
}

// The sampler has no descriptors of the program's (its first three lead nowhere): standard error is borrowed
// for the time of a text.
class BorrowedStderr {
 public:
  BorrowedStderr() {
    constexpr long kPidfdOpen = 434;
    constexpr long kPidfdGetfd = 438;
    const long process = raw_syscall(kPidfdOpen, kernel::process_id(), 0);
    if (process < 0) return;
    const long copy = raw_syscall(kPidfdGetfd, process, 2, 0);
    kernel::close(static_cast<int>(process));
    if (copy < 0) return;
    raw_syscall(SYS_dup3, copy, 2, O_CLOEXEC);
    kernel::close(static_cast<int>(copy));
  }
  ~BorrowedStderr() { raw_syscall(SYS_dup3, 0, 2, O_CLOEXEC); }
  BorrowedStderr(const BorrowedStderr&) = delete;
};

constinit Line line;  // the sampler's alone

void print_side(const RaceSide& side, const ThreadRecord* thread) {
  line.add("  ");
  if (thread != nullptr)
    add_thread(line, *thread);
  else
    line.add("thread ").add(side.tid);
  line.add(" ").add(word_for(side.access)).add(" ").add(side.size).add(" byte(s) at ").add_hex(side.address);
  line.add(side.is_atomic != 0 ? ", atomically\n" : "\n").write_to_stderr();
  print_frames(line, side.frames, side.frame_count);
  for (uint32_t i = 0; i < side.hold_count; ++i) {
    line.add("    holds ");
    add_resource(line, record::word_kind(side.holds[i].word), record::word_address(side.holds[i].word));
    line.add("\n").write_to_stderr();
  }
}

// Null where the thread has ended and another has its place.
const ThreadRecord* thread_of(const RaceSide& side) {
  const ThreadRecord* thread = runtime.find_by_tid(side.tid);
  return thread != nullptr && thread->serial == side.serial ? thread : nullptr;
}

void print_race(const RaceRecord& race) {
  BorrowedStderr borrowed;
  line.clear();
  line.add("gordian: data-race, ").add(name_of(static_cast<Grade>(race.grade))).add(", in process ");
  line.add(kernel::process_id());
  line.add(race.by == record::RaceBy::kCaught
               ? ": one thread stood at its access while another made its own\n"
               : ": two threads have no lock in common, and nothing that is seen orders them\n")
      .write_to_stderr();
  if ((race.bits & record::kRaceMaybeAtomic) != 0)
    line.add("  both may be atomic operations, which machine code alone does not tell\n").write_to_stderr();
  for (const RaceSide& side : race.sides) print_side(side, thread_of(side));
  print_way_to_record(line);
}

void publish(RaceRecord& race) {
  publish_race(race);
  const bool is_worth_a_text = static_cast<Grade>(race.grade) >= Grade::kPossible;
  if (!tell_launcher() && !runtime.options().quiet && is_worth_a_text) print_race(race);
}

// Whether compilers count executions there, which threads do at once by design.
bool is_counter(uint64_t address) {
  dl_find_object object;
  if (_dl_find_object(reinterpret_cast<void*>(address), &object) != 0) return false;
  const auto start = reinterpret_cast<uint64_t>(object.dlfo_map_start);
  for (uint32_t i = 0; i < runtime.header().module_count; ++i) {
    const record::ModuleRecord& module = runtime.modules()[i];
    if (module.start >= start && module.start < reinterpret_cast<uint64_t>(object.dlfo_map_end))
      return is_execution_counter(module.path, address - object.dlfo_link_map->l_addr);
  }
  return false;
}

Told* place_of(const Access& first, const Access& second) {
  const uint64_t low = std::min(first.instruction, second.instruction);
  const uint64_t high = std::max(first.instruction, second.instruction);
  for (uint32_t i = 0; i < told_count; ++i)
    if (told[i].first == low && told[i].second == high) return &told[i];
  if (told_count == kPairs) return nullptr;
  told[told_count] = {low, high, 0, nullptr, false, false};
  return &told[told_count++];
}

}  // namespace

void describe_access(const Access& access, RaceSide& side) {
  const Trap& trap = *access.trap;
  side.address = access.address;
  side.at_ns = trap.at_ns;
  side.size = access.form.size;
  side.serial = trap.serial;
  side.tid = trap.tid;
  side.access = access.form.access;
  side.is_atomic = access.form.is_locked ? 1 : 0;
  ForeignStack stack;
  const uint32_t depth = std::clamp(runtime.options().stack_depth, 1u, record::kMaxRaceFrames);
  side.frame_count = unwind(trap.registers, &ForeignStack::read, &stack, side.frames, depth).count;
  if (side.frame_count != 0 && access.instruction != 0) side.frames[0].address = access.instruction;
  for (uint32_t i = record::progress_depth(trap.record->progress); i-- > 0;) {
    const Hold* entry = entry_at(trap.record, i);
    if (entry == nullptr || record::word_status(entry->word) != HoldStatus::kHeld) continue;
    if (side.hold_count == record::kMaxRaceHolds) break;
    side.holds[side.hold_count++] = *entry;
  }
  read_thread_name(trap.tid, trap.record->name);
}

Verdict judge_pair(const CodeMap& map, const Access& first, const Access& second) {
  if (is_surely_plain(map, first) || is_surely_plain(map, second)) return {Grade::kProven, 0};
  const bool is_atomic = first.form.is_locked || second.form.is_locked;
  const bool is_known = first.instruction != 0 && second.instruction != 0;
  const auto is_update = [&](const Access& access) {
    return access.form.access == RaceAccess::kUpdate ||
           map.stores_what_it_loaded(access.instruction, access.form);
  };
  const bool loses_update = is_known && !is_atomic && writes(first.form) && writes(second.form) &&
                            (is_update(first) || is_update(second));
  return {loses_update ? Grade::kPossible : Grade::kUnlikely, record::kRaceMaybeAtomic};
}

bool tell_pair(const Access& first, const Access& second, const Verdict& verdict, bool same_value,
               bool is_witnessed) {
  Told* place = place_of(first, second);
  if (place == nullptr) {
    runtime.count(Unseen::kRaces);
    return true;
  }
  ++place->times;
  if (place->race != nullptr) __atomic_fetch_add(&place->race->occurrences, 1, __ATOMIC_RELAXED);
  if (place->race != nullptr || place->is_left_out) return true;
  if (place->times < kWithoutWitness && !is_witnessed) return false;
  RaceRecord* race = is_counter(first.address) ? nullptr : claim_race();
  place->race = race;
  place->is_left_out = race == nullptr;
  if (race == nullptr) return true;
  race->grade = static_cast<uint16_t>(verdict.grade);
  race->by = record::RaceBy::kCaught;
  race->bits = static_cast<uint8_t>(verdict.bits | (same_value ? record::kRaceSameValue : 0));
  race->occurrences = place->times;
  say_whose_memory(*race, first.address);
  // The machine reported the second one first: whoever was held makes its access after it.
  describe_access(second, race->sides[0]);
  describe_access(first, race->sides[1]);
  publish(*race);
  return true;
}

void tell_suspicion(const CodeMap& map, const Access accesses[2], const RaceSide sides[2]) {
  Told* place = place_of(accesses[0], accesses[1]);
  if (place != nullptr && (place->race != nullptr || place->is_suspected)) return;
  if (place == nullptr || suspicions == kMostSuspicions) return runtime.count(Unseen::kRaces);
  place->is_suspected = true;
  RaceRecord* race = is_counter(accesses[0].address) ? nullptr : claim_race();
  if (race == nullptr) return;
  ++suspicions;
  const Verdict verdict = judge_pair(map, accesses[0], accesses[1]);
  say_whose_memory(*race, accesses[0].address);
  const bool may_be_ordered = map.has_orders_of_its_own() || race->memory != RaceMemory::kGlobal;
  const bool is_possible = verdict.grade >= Grade::kPossible && !may_be_ordered;
  race->grade = static_cast<uint16_t>(is_possible ? Grade::kPossible : Grade::kUnlikely);
  race->by = record::RaceBy::kLockset;
  race->bits = static_cast<uint8_t>(verdict.bits | (may_be_ordered ? record::kRaceMaybeOrdered : 0));
  race->occurrences = 1;
  std::copy_n(sides, 2, race->sides);
  publish(*race);
}

}  // namespace gordian::hooks::races
