// Vector clocks: for each slot, up to which of its epochs everything has happened before.
//
// A slot is a thread's name in clocks and entries. When the thread has ended, the slot is given to a thread
// whose creator knows of all that the earlier owner did: then the two cannot race, and nothing is lost. Only
// where all slots are taken is one given to a thread that might; that is counted.
#pragma once

#include "runtime-hooks/race-runtime/shadow.h"

namespace gordian::hooks::races {

// Of memory that comes and goes with `Clock::grow`; never shrinks.
struct Clock {
  uint32_t* values = nullptr;
  uint32_t width = 0;  // slots from here on are 0
  uint32_t capacity = 0;

  // Room for that many; what was there stays. False when there is no memory.
  bool grow(uint32_t wanted);
  void clear() { width = 0; }
  bool empty() const { return width == 0; }

 private:
  bool grow_to(uint32_t size);
};

// `into` becomes the later of the two, slot by slot; returns whether it changed.
bool join(uint32_t* into, uint32_t& into_width, const uint32_t* from, uint32_t width);
bool join(Clock& into, const uint32_t* from, uint32_t width);
void assign(Clock& into, const uint32_t* from, uint32_t width);
// The same, with `told` in that slot in place of what `from` has there.
bool join(Clock& into, const uint32_t* from, uint32_t width, uint32_t slot, uint32_t told);
void assign(Clock& into, const uint32_t* from, uint32_t width, uint32_t slot, uint32_t told);

// Who had a slot from some epoch on.
struct SlotOwner {
  uint32_t serial;
  uint32_t tid;
  uint32_t first_clock;
};

// A slot for a thread that begins after all that `known` says; its first clock is put into `clock`. 0: none.
uint32_t claim_slot(const uint32_t* known, uint32_t serial, uint32_t& clock);
// A thread found no slot, more than there are being alive. What it orders is not known, so that nothing told
// from then on would be sure to be a race.
bool order_is_lost();
void set_tid(uint32_t slot, uint32_t tid);
// Its owner does nothing any more.
void retire_slot(uint32_t slot, uint32_t last_clock);
SlotOwner owner_of(uint32_t slot, uint32_t clock);

}  // namespace gordian::hooks::races
