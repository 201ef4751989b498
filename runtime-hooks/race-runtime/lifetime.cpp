#include "runtime-hooks/race-runtime/lifetime.h"

#include "runtime-hooks/race-runtime/race_report.h"
#include "runtime-hooks/race-runtime/sync.h"

namespace gordian::hooks::races {

namespace {

bool is_unordered_write(const RaceThread& self, Entry entry) {
  return entry != 0 && slot_of(entry) < kMaxSlots && is_write(entry) && !is_atomic(entry) &&
         slot_of(entry) != self.slot && clock_of(entry) > self.values[slot_of(entry)];
}

}  // namespace

void use(uint64_t address, uint64_t pc) {
  access_range(address, 1, kAtomic, pc, Manner::kUse);
}

void begin_life(uint64_t address, uint64_t pc) {
  access_range(address, 1, kWrite, pc, Manner::kPlain);
}

void end_life(uint64_t address, uint64_t size, uint64_t pc) {
  if (!hot.active) return;
  end_uses(address, size, pc, Manner::kEnd);
  access_range(address, size, kWrite, pc, Manner::kEnd);
}

void end_uses(uint64_t address, uint64_t size, uint64_t pc, Manner manner) {
  RaceThread& self = *hot.thread;
  const UnknownUse last = unknown_use(self, address, address + size);
  if (last.address == 0) return;
  const Entry bytes = bytes_bits(last.address & 7, 1);
  const Entry earlier = make_epoch(last.slot, last.clock) | bytes | kAtomic |
                        context_node(0, last.site, static_cast<uint32_t>(Manner::kUse));
  tell_race(self, last.address & ~uint64_t{7}, earlier, hot.epoch | bytes | kWrite, pc, manner);
}

void use_lock_slowly(uint64_t address, uint64_t pc) {
  RaceThread& self = *hot.thread;
  const Entry* cell = cell_of(address);
  const Entry bytes = bytes_bits(address & 7, 1);
  for (int i = 0; i < 2; ++i) {
    const Entry entry = load(cell + i);
    if ((mask_of(entry) & mask_of(bytes)) == 0 || !is_unordered_write(self, entry)) continue;
    tell_race(self, address & ~uint64_t{7}, entry, hot.epoch | bytes | kAtomic, pc, Manner::kUse);
  }
}

}  // namespace gordian::hooks::races
