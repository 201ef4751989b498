#include "runtime-hooks/race-runtime/thread.h"

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/race-runtime/near.h"
#include "runtime-hooks/trace/accesses.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks::races {

constinit thread_local Hot hot __attribute__((tls_model("initial-exec"))) = {};
constinit bool detecting = false;

namespace {

constinit RaceThread* threads = nullptr;
constinit bool unusable = false;  // there was no room for the shadow

// A new clock's first own value, at which nothing has been done.
void set_clock(RaceThread& self, uint32_t slot, uint32_t clock) {
  self.slot = slot;
  self.clock = clock;
  self.values[slot] = clock;
  if (self.width <= slot) self.width = slot + 1;
}

bool map_all() {
  if (threads != nullptr) return true;
  if (unusable) return false;
  CriticalSection section;
  if (threads != nullptr) return true;
  void* memory = kernel::map(nullptr, sizeof(RaceThread) * record::kMaxThreads, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  if (memory == nullptr || !map_shadow() || !map_depot()) {
    unusable = true;
    Line line;
    line.add("gordian: no room in the address space for what races are found with; process ");
    line.add(kernel::process_id()).add(" is not watched for races. Raise the limit (ulimit -v)\n");
    line.write_to_stderr();
    return false;
  }
  __atomic_store_n(&threads, static_cast<RaceThread*>(memory), __ATOMIC_RELEASE);
  return true;
}

bool map_frames(RaceThread& self) {
  if (self.frames != nullptr) return true;
  constexpr size_t kBytes = kMaxDepth * (sizeof(CallFrame) + sizeof(uint32_t));
  void* memory =
      kernel::map(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  if (memory == nullptr) return false;
  self.frames = static_cast<CallFrame*>(memory);
  self.nodes = reinterpret_cast<uint32_t*>(self.frames + kMaxDepth);
  return true;
}

// What `find` gives, from a place that remembers it by the high bits of a mixed key. One word, so that a
// handler cannot come between key and value.
template <typename Find>
uint32_t remembered(uint64_t& place, uint64_t key, Find find) {
  const uint64_t seen = place;
  if ((seen ^ key) >> kContextBits == 0 && (seen & kContextMask) != 0) return context_of(seen);
  const uint32_t found = find();
  place = (key & ~kContextMask) | found;
  return found;
}

uint64_t memo_key(uint64_t a, uint64_t b) {
  const uint64_t key = a * 0x9E3779B97F4A7C15u ^ b * 0xC2B2AE3D27D4EB4Fu;
  return key ^ key >> 31;
}
// The highest bits are good enough to choose a place by.
uint64_t memo_place_key(uint64_t a, uint64_t b) {
  return memo_key(a, b) * 0xD6E8FEB86659FD93u;
}

uint32_t known_lockset_with(RaceThread& self, uint32_t depth, uint32_t below, const Hold& hold) {
  auto find = [&] { return lockset_with(below, hold.word, hold.site); };
  if (depth >= RaceThread::kLocksets) return find();
  return remembered(self.locksets[depth], memo_key(hold.word, hold.site ^ uint64_t{below} << 48), find);
}

uint32_t reckon_lockset(RaceThread& self, const ThreadRecord* record) {
  uint32_t lockset = 0;
  const uint32_t depth = record::progress_depth(record->progress);
  for (uint32_t i = 0; i < depth; ++i) {
    const Hold* entry = entry_at(record, i);
    if (entry != nullptr && record::word_status(entry->word) == HoldStatus::kHeld)
      lockset = known_lockset_with(self, i, lockset, *entry);
  }
  return lockset;
}

uint32_t lockset_of(RaceThread& self) {
  const ThreadRecord* record = local.record;
  if (record == nullptr) return 0;
  const uint64_t progress = record->progress;
  if (record::progress_depth(progress) == 0) return 0;
  if (self.lockset_progress != progress + 1) {
    self.lockset = reckon_lockset(self, record);
    self.lockset_progress = progress + 1;
  }
  return self.lockset;
}

uint32_t known_stack_node(RaceThread& self, uint32_t parent, uint64_t return_address) {
  const uint64_t key = memo_place_key(return_address, parent);
  static_assert(RaceThread::kStacks == 1u << 9);
  return remembered(self.stacks[key >> 55], key, [=] { return stack_node(parent, return_address); });
}

uint32_t node_of_stack(RaceThread& self) {
  CallFrame* frame = hot.known;
  uint32_t node = frame == self.frames ? 0 : self.nodes[frame - self.frames - 1];
  for (; frame != hot.top; ++frame) {
    node = known_stack_node(self, node, frame->return_address);
    self.nodes[frame - self.frames] = node;
  }
  hot.known = frame;
  return node;
}

}  // namespace

RaceThread& race_thread(uint32_t record_slot) {
  return threads[record_slot];
}

void know_everybody(RaceThread& self) {
  for (uint32_t slot = 0; slot < runtime.thread_slots(); ++slot) {
    const RaceThread& other = threads[slot];
    if (&other == &self || other.slot == 0) continue;
    join(self.values, self.width, other.values, other.width);
  }
  ++self.others;
}

void refresh_active(const RaceThread& self) {
  hot.active = detecting && self.ignores == 0 && self.slot != 0;
  hot.watched = hot.active ? hot.epoch : 0;
  if constexpr (kTracing)
    if (detecting && !hot.active) to_file::lacks_accesses();
}

bool take_up(RaceThread& self) {
  if (!map_frames(self)) return false;
  self.prepared = false;
  self.ignores = self.unfollowed = self.excess = 0;
  self.lockset_progress = 0;
  self.released.clear();
  self.pending.clear();
  self.pended = 0;
  __builtin_memset(self.seen, 0, sizeof(self.seen));
  __builtin_memset(self.sets, 0, sizeof(self.sets));
  hot.epoch = make_epoch(self.slot, self.clock);
  hot.known = hot.low = hot.top = self.frames;
  hot.end = self.frames + kMaxDepth;
  hot.used = false;
  hot.thread = &self;
  refresh_active(self);
  return true;
}

bool begin_thread() {
  if (hot.thread != nullptr) return true;
  if (local.finished || local.attaching || unusable) return false;
  const ThreadRecord* record = current();
  if (record == nullptr || hot.thread != nullptr || !map_all()) return hot.thread != nullptr;
  const uint64_t signals = kernel::block_signals();
  RaceThread& self = threads[runtime.slot_of(record)];
  if (map_frames(self)) {
    if (!self.prepared) {
      __builtin_memset(self.values, 0, self.width * sizeof(uint32_t));
      self.width = 0;
      if (detecting) know_everybody(self);  // begun without its creator's saying so
      uint32_t clock = 0;
      const uint32_t slot = claim_slot(self.values, record->serial, clock);
      set_clock(self, slot, clock);
    }
    if (self.slot != 0) set_tid(self.slot, record->tid);
    take_up(self);
  }
  kernel::restore_signals(signals);
  return hot.thread != nullptr;
}

void end_thread() {
  RaceThread* self = hot.thread;
  if (self == nullptr) return;
  hot.active = false;
  hot.watched = 0;
  uint32_t last_clock = told_clock(*self);
  const ThreadRecord* record = local.record;
  RaceThread* own = record != nullptr ? &threads[runtime.slot_of(record)] : self;
  if (own != self) {
    // It ends while it runs a fiber, which stays what it is.
    self->suspended = hot;
    last_clock = own->clock;
  }
  if (own->slot != 0) retire_slot(own->slot, last_clock);
  own->slot = 0;
  hot = {};
}

void prepare_child(RaceThread& self, uint32_t created_slot, uint32_t created_serial) {
  prepare(self, threads[created_slot], created_serial);
}

void prepare(RaceThread& self, RaceThread& created, uint32_t created_serial) {
  const uint64_t signals = kernel::block_signals();
  // One that was prepared for a thread that never came to be leaves its slot behind.
  if (created.prepared && created.slot != 0) retire_slot(created.slot, created.clock);
  __builtin_memcpy(created.values, self.values, self.width * sizeof(uint32_t));
  for (uint32_t i = self.width; i < created.width; ++i) created.values[i] = 0;
  created.width = self.width;
  created.values[self.slot] = told_clock(self);
  uint32_t clock = 0;
  const uint32_t slot = claim_slot(self.values, created_serial, clock);
  set_clock(created, slot, clock);
  created.prepared = true;
  next_epoch(self);
  kernel::restore_signals(signals);
}

void begin_detecting() {
  if (detecting) return;
  detecting = true;
  bring_near();
  if (hot.thread != nullptr) refresh_active(*hot.thread);
}

void stop_detecting() {
  if constexpr (kTracing) to_file::lacks_accesses();
  detecting = false;
  unusable = true;
  hot.active = false;
  hot.watched = 0;
}

void detecting_after_fork() {
  detecting = false;
  hot.active = false;
  hot.watched = 0;
  if (threads == nullptr) return;
  for (uint32_t slot = 0; slot < runtime.thread_slots(); ++slot) {
    // Those that are not here.
    if (&threads[slot] == hot.thread) continue;
    if (threads[slot].slot == 0 && !threads[slot].prepared) continue;
    threads[slot].slot = 0;
    threads[slot].prepared = false;
  }
}

void enter_slowly(uint64_t return_address, uint64_t stack_pointer) {
  if (hot.thread == nullptr && !begin_thread()) return;
  if (hot.top == hot.end) {
    ++hot.thread->excess;
    hot.low = hot.end;
    return;
  }
  // Reserved first: a handler's frames go above it.
  CallFrame* frame = hot.top;
  hot.top = frame + 1;
  *frame = {return_address, stack_pointer};
}

void leave_slowly() {
  RaceThread* self = hot.thread;
  if (self == nullptr) return;
  if (self->excess != 0) {
    if (--self->excess == 0) hot.low = self->frames;
    return;
  }
  if (hot.top != self->frames) --hot.top;
  if (hot.known > hot.top) hot.known = hot.top;
}

void jumped_to(uint64_t stack_pointer) {
  RaceThread* self = hot.thread;
  if (self == nullptr) return;
  CallFrame* top = hot.top;
  // The callback that noted a function's entry had its frame just below the function's own.
  constexpr uint64_t kOfCallback = 16;
  while (top != self->frames && top[-1].stack_pointer + kOfCallback < stack_pointer) --top;
  if (top != hot.top) {
    self->excess = 0;
    hot.low = self->frames;
  }
  hot.top = top;
  if (hot.known > top) hot.known = top;
}

void next_epoch(RaceThread& self) {
  if (!hot.used || self.slot == 0) return;
  if (self.clock == kMaxClock) {
    // The slot is used up. The thread goes on under another name, which comes after this one.
    uint32_t clock = 0;
    const uint32_t slot = claim_slot(self.values, local.record != nullptr ? local.record->serial : 0, clock);
    if (slot == 0) return;
    if (local.record != nullptr) set_tid(slot, local.record->tid);
    retire_slot(self.slot, self.clock);
    for (uint32_t i = self.width; i <= slot; ++i) self.values[i] = 0;
    set_clock(self, slot, clock);
    ++self.others;
  } else {
    self.values[self.slot] = ++self.clock;
  }
  hot.epoch = make_epoch(self.slot, self.clock);
  if (hot.active) hot.watched = hot.epoch;
  hot.used = false;
}

uint32_t context_at(RaceThread& self, uint64_t pc, Manner manner) {
  const uint32_t stack = node_of_stack(self);
  const uint32_t low = manner == Manner::kPlain ? lockset_of(self) : static_cast<uint32_t>(manner);
  const uint64_t key = memo_place_key(pc << 16 | low, stack);
  static_assert(RaceThread::kContexts == 1u << 11);
  return remembered(self.contexts[key >> 53], key, [=] { return context_node(stack, pc, low); });
}

}  // namespace gordian::hooks::races
