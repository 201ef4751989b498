#include "runtime-hooks/steer.h"

#include <dlfcn.h>
#include <link.h>

#include "analyzer/record/steering.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/unwind.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using record::SteeringFrame;
using record::SteeringPart;
using record::SteeringState;

constinit bool steering = false;

namespace {

constexpr uint32_t kMostHolds = 16;
constexpr uint32_t kMostVain = 3;  // after so many waits in vain a part no longer waits to be the first
constexpr uint32_t kLooksAtStandstill = 3;
constexpr timespec kLook = {0, 10'000'000};

constinit record::Steering* plan = nullptr;

// What a part that has come holds, and what it asks for.
struct Stand {
  uint64_t wants;
  uint64_t holds[kMostHolds];
  uint32_t hold_count;
};
constinit Stand stands[record::kMaxSteeringParts] = {};

const char* base_name(const char* path) {
  const char* slash = __builtin_strrchr(path, '/');
  return slash != nullptr ? slash + 1 : path;
}

// The place of an address, as the plan tells places; module 0: in no file.
SteeringFrame place_of(uint64_t byte) {
  dl_find_object object;
  if (_dl_find_object(reinterpret_cast<void*>(byte), &object) != 0 || object.dlfo_link_map == nullptr)
    return {0, 0};
  const link_map* map = object.dlfo_link_map;
  const char* path = map->l_name != nullptr && map->l_name[0] != 0 ? map->l_name : runtime.header().program;
  const char* name = base_name(path);
  return {record::steering_hash(name, __builtin_strlen(name)), byte - map->l_addr};
}

bool is_place(const SteeringFrame& wanted, uint64_t byte) {
  const SteeringFrame place = place_of(byte);
  return place.module == wanted.module && place.offset == wanted.offset;
}

bool is_at(const SteeringFrame& wanted, uint64_t return_address) {
  return is_place(wanted, return_address - 1);
}

// Whether it can be the lock that is meant: a global is known by its place, others are not told apart.
bool is_lock(const SteeringFrame& wanted, uint64_t address) {
  return wanted.module == 0 || is_place(wanted, address);
}

// Everything that it could be holding in the part's first place.
Stand stand_of(const ThreadRecord* self, const SteeringPart& part, uint64_t wants) {
  Stand stand{wants, {}, 0};
  if (part.hold_kind == static_cast<uint8_t>(ResourceKind::kThread)) {
    stand.holds[stand.hold_count++] = self->serial;
    return stand;
  }
  for (uint32_t i = record::progress_depth(self->progress); i-- > 0 && stand.hold_count < kMostHolds;) {
    const Hold* entry = entry_at(self, i);
    if (entry == nullptr || record::word_status(entry->word) != HoldStatus::kHeld) continue;
    if (static_cast<uint8_t>(record::word_kind(entry->word)) != part.hold_kind) continue;
    const uint64_t address = record::word_address(entry->word);
    if (address != wants && is_at(part.hold, entry->site) && is_lock(part.held_lock, address))
      stand.holds[stand.hold_count++] = address;
  }
  return stand;
}

// The hook's own frames come first; from the call site on, the stack must be the planned one.
[[gnu::noinline]] bool has_frames(const ThreadRecord* self, const SteeringPart& part, const Site& site) {
  if (plan->loose != 0 || part.frame_count < 2) return true;
  constexpr uint32_t kRoom = record::kMaxSteeringFrames + 8;
  record::Frame frames[kRoom];
  Registers registers;
  capture(registers);
  OwnStack stack{self->stack_low, self->stack_high};
  const uint32_t count = unwind(registers, &OwnStack::read, &stack, frames, kRoom).count;
  uint32_t at = 0;
  while (at < count && frames[at].address != site.return_address) ++at;
  for (uint32_t i = 0; i < part.frame_count; ++i)
    if (at + i >= count || !is_at(part.frames[i], frames[at + i].address)) return false;
  return true;
}

bool holds(const Stand& stand, uint64_t address) {
  for (uint32_t i = 0; i < stand.hold_count; ++i)
    if (stand.holds[i] == address) return true;
  return false;
}

// Whether the ring can be closed with it among those who are there. In a CriticalSection.
bool fits(uint32_t index, const Stand& stand) {
  const uint32_t count = plan->part_count;
  const uint32_t next = (index + 1) % count;
  const uint32_t previous = (index + count - 1) % count;
  if (plan->parts[next].arrival != 0 && !holds(stands[next], stand.wants)) return false;
  return plan->parts[previous].arrival == 0 || holds(stand, stands[previous].wants);
}

// Takes its place; false when that is taken, or when it is not to wait here this time.
bool arrive(uint32_t index, const ThreadRecord* self, const Stand& stand) {
  CriticalSection section;
  SteeringPart& part = plan->parts[index];
  if (part.seen++ == 0) {
    for (uint32_t i = 0; i < plan->part_count; ++i)
      if (i != index) plan->parts[i].seen_before = plan->parts[i].seen;
  }
  if (part.arrival != 0 || plan->state != 0 || !fits(index, stand)) return false;
  if (plan->arrived == 0 && (part.passed < part.skip || part.gave_up >= kMostVain)) {
    ++part.passed;
    return false;
  }
  for (uint32_t i = 0; i < plan->part_count; ++i)
    if (plan->parts[i].arrival != 0 && plan->parts[i].serial == self->serial) return false;
  stands[index] = stand;
  part.tid = self->tid;
  part.serial = self->serial;
  part.arrival = ++plan->arrived;
  if (plan->arrived > plan->most) plan->most = plan->arrived;
  plan->pid = runtime.header().pid;
  if (plan->arrived == plan->part_count) {
    __atomic_store_n(&plan->state, static_cast<uint32_t>(SteeringState::kClosed), __ATOMIC_RELEASE);
    kernel::futex_wake(&plan->state, INT32_MAX);
  }
  return true;
}

bool is_closed() {
  return __atomic_load_n(&plan->state, __ATOMIC_ACQUIRE) != static_cast<uint32_t>(SteeringState::kGathering);
}

void leave(uint32_t index) {
  CriticalSection section;
  if (is_closed()) return;
  ++plan->parts[index].gave_up;
  plan->parts[index].arrival = 0;
  --plan->arrived;
}

bool is_held_here(uint32_t serial) {
  for (uint32_t i = 0; i < plan->part_count; ++i)
    if (__atomic_load_n(&plan->parts[i].arrival, __ATOMIC_RELAXED) != 0 && plan->parts[i].serial == serial)
      return true;
  return false;
}

// A thread that sleeps in a wait without end, as its record tells it.
bool is_blocked(const ThreadRecord& thread) {
  const uint64_t progress = __atomic_load_n(&thread.progress, __ATOMIC_ACQUIRE);
  const uint32_t depth = record::progress_depth(progress);
  if (depth == 0 || thread.wait_attempt != record::progress_attempts(progress)) return false;
  const Hold* top = entry_at(&thread, depth - 1);
  return top != nullptr && record::word_status(top->word) == HoldStatus::kAttempting &&
         (top->word & record::kTimedBit) == 0;
}

// Whether nobody is left who could bring the others here.
bool nobody_moves() {
  for (uint32_t slot = 0; slot < runtime.thread_slots(); ++slot) {
    const ThreadRecord& thread = runtime.thread(slot);
    const auto state = static_cast<record::ThreadState>(__atomic_load_n(&thread.state, __ATOMIC_ACQUIRE));
    if (state == record::ThreadState::kStarting) return false;
    if (state == record::ThreadState::kLive && !is_held_here(thread.serial) && !is_blocked(thread))
      return false;
  }
  return true;
}

void wait_for_others(uint32_t index) {
  const uint64_t until = now_ns() + uint64_t{plan->patience_ms} * 1'000'000;
  uint32_t standstill = 0;
  while (!is_closed() && now_ns() < until && standstill < kLooksAtStandstill) {
    kernel::futex_wait(&plan->state, static_cast<uint32_t>(SteeringState::kGathering), &kLook);
    standstill = nobody_moves() ? standstill + 1 : 0;
  }
  leave(index);
}

}  // namespace

bool read_plan(const char* directory) {
  Line path;
  path.add(directory).add("/").add(record::kSteeringFileName);
  const int fd = kernel::open(path.text(), O_RDWR | O_NOFOLLOW);
  if (fd < 0) return false;
  void* page = kernel::map(nullptr, sizeof(record::Steering), PROT_READ | PROT_WRITE, MAP_SHARED, fd);
  kernel::close(fd);
  if (page == nullptr) return false;
  auto* mapped = static_cast<record::Steering*>(page);
  if (__builtin_memcmp(mapped->magic, record::kSteeringMagic, sizeof(mapped->magic)) != 0 ||
      mapped->version != record::kSteeringVersion || mapped->part_count < 2 ||
      mapped->part_count > record::kMaxSteeringParts) {
    kernel::unmap(page, sizeof(record::Steering));
    return false;
  }
  plan = mapped;
  steering = true;
  return true;
}

void steer(const ThreadRecord* self, uint64_t address, ResourceKind kind, const Site& site) {
  if (is_closed()) return;
  for (uint32_t i = 0; i < plan->part_count; ++i) {
    const SteeringPart& part = plan->parts[i];
    if (part.kind != static_cast<uint8_t>(kind) || part.frame_count == 0) continue;
    if (!is_at(part.frames[0], site.return_address)) continue;
    if (kind != ResourceKind::kThread && !is_lock(part.asked_lock, address)) continue;
    const Stand stand = stand_of(self, part, address);
    if (stand.hold_count == 0 || !has_frames(self, part, site) || !arrive(i, self, stand)) continue;
    wait_for_others(i);
    return;
  }
}

}  // namespace gordian::hooks
