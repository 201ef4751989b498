// Atomic operations: done for the program, with what their memory orders tell.
//
// A release operation that stores replaces what is known at the address, and so begins a release sequence; a
// read-modify-write adds to it, and so continues one; a relaxed store ends it (C++20 [intro.races]). Fences:
// what was known at a release fence is told by the relaxed stores after it, what relaxed loads saw is taken
// over at an acquire fence (C++20 [atomics.fences]).
//
// The value and what is known change together, under the lock of the Sync, where one is there: otherwise the
// knowledge of one store could stand beside the value of another, and an order would be missed. The operation
// itself is always the strongest: a program may not depend on getting a weaker one.
#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/sync.h"

#include <type_traits>

namespace gordian::hooks::races {

__extension__ using Wide = unsigned __int128;

namespace {

// As the compilers number them; higher bits are hints.
enum Order { kRelaxed, kConsume, kAcquire, kRelease, kAcquireRelease, kSequential };

bool acquires(int order) {
  order &= 0x7fff;
  return order != kRelaxed && order != kRelease;
}
bool releases(int order) {
  order &= 0x7fff;
  return order == kRelease || order == kAcquireRelease || order == kSequential;
}

// The operations themselves. Those of 16 bytes are made of the one that the processor has: a load writes what
// is there.
template <typename Type>
bool raw_compare_exchange(volatile Type* place, Type* expected, Type desired) {
  const Type wanted = *expected;
  *expected = __sync_val_compare_and_swap(place, wanted, desired);
  return *expected == wanted;
}
template <typename Type>
Type raw_load(const volatile Type* place) {
  if constexpr (sizeof(Type) <= 8)
    return __atomic_load_n(place, __ATOMIC_SEQ_CST);
  else
    return __sync_val_compare_and_swap(const_cast<volatile Type*>(place), Type{0}, Type{0});
}
template <typename Type, typename Change>
Type raw_update(volatile Type* place, Change change) {
  Type seen = raw_load(place);
  while (!raw_compare_exchange(place, &seen, change(seen))) {
  }
  return seen;
}
template <typename Type>
void raw_store(volatile Type* place, Type value) {
  if constexpr (sizeof(Type) <= 8)
    __atomic_store_n(place, value, __ATOMIC_SEQ_CST);
  else
    raw_update(place, [=](Type) { return value; });
}

// What is known at the Sync is to be known after the next acquire fence: already noted, or the thread's own.
uint64_t pended_mark(const Sync& sync) {
  // One word, so that a handler cannot come between its halves.
  return reinterpret_cast<uint64_t>(&sync) << 26 | __atomic_load_n(&sync.version, __ATOMIC_ACQUIRE);
}
bool is_pended(const RaceThread& self, const Sync& sync) {
  return sync.last_slot == self.slot || self.pended == pended_mark(sync);
}
void join_pending(RaceThread& self, const Sync& sync) {
  join(self.pending, sync.clock.values, sync.clock.width);
  self.pended = pended_mark(sync);
}

// What an operation learns and tells, with the Sync's lock in the caller's hands.
class Held {
 public:
  Held(RaceThread& self, Sync* sync) : self_(self), sync_(sync) {}

  void take_over(bool acquires) {
    if (sync_ == nullptr) return;
    if (acquires)
      join_locked(self_, *sync_);
    else
      join_pending(self_, *sync_);
  }

  void tell(bool releases, bool adds) {
    if (sync_ == nullptr) return;
    if (releases) {
      tell_locked(self_, *sync_, adds);
      told_ = true;
      return;
    }
    if (!adds) sync_->clock.clear();
    if (!self_.released.empty()) join(sync_->clock, self_.released.values, self_.released.width);
    if (!adds || !self_.released.empty()) {
      sync_->version += 1;
      sync_->last_slot = 0;
    }
  }

  bool told() const { return told_; }

 private:
  RaceThread& self_;
  Sync* sync_;
  bool told_ = false;
};

template <typename Type, Entry kBits>
void note(uint64_t address, uint64_t pc) {
  if constexpr (sizeof(Type) <= 8)
    access<sizeof(Type), kBits | kAtomic>(address, Given{pc});
  else
    access_range(address, sizeof(Type), kBits | kAtomic, pc, Manner::kPlain);
}

// Where there is a trace, an operation and its event in it are one step.
struct NoStep {
  explicit NoStep(const volatile void*) {}
};
using Step = std::conditional_t<kTracing, to_file::AtomicStep, NoStep>;

template <typename Type>
void trace_atomic(record::TraceOp op, uint64_t address, uint64_t pc) {
  if constexpr (kTracing) to_file::accesses_atomically(op, address, sizeof(Type), pc - 1);
}

bool is_followed() {
  return followed() != nullptr;
}

Sync* locked_sync(RaceThread& self, uint64_t address, bool make) {
  return make ? make_sync(self, address) : find_sync(self, address);
}

// Of a value that was read before it is asked what is known here: what is told is known before the value can
// be seen.
template <typename Type>
void note_load(uint64_t address, int order, uint64_t pc) {
  RaceThread& self = *hot.thread;
  if (Sync* sync = find_sync(self, address)) {
    if (acquires(order)) {
      acquire(self, *sync);
    } else if (!is_pended(self, *sync)) {
      SpinGuard guard(sync->lock);
      join_pending(self, *sync);
    }
  }
  note<Type, 0>(address, pc);
  trace_atomic<Type>(record::TraceOp::kRead, address, pc);
}

template <typename Type>
Type atomic_load(const volatile Type* place, int order, uint64_t pc) {
  const Step step(place);
  const Type value = raw_load(place);
  if (is_followed()) note_load<Type>(reinterpret_cast<uint64_t>(place), order, pc);
  return value;
}

template <typename Type>
void atomic_store(volatile Type* place, Type value, int order, uint64_t pc) {
  if (!is_followed()) return raw_store(place, value);
  RaceThread& self = *hot.thread;
  const auto address = reinterpret_cast<uint64_t>(place);
  const Step step(place);
  note<Type, kWrite>(address, pc);
  trace_atomic<Type>(record::TraceOp::kWrite, address, pc);
  Sync* sync = locked_sync(self, address, releases(order) || !self.released.empty());
  if (sync == nullptr) return raw_store(place, value);
  Held held(self, sync);
  {
    SpinGuard guard(sync->lock);
    held.tell(releases(order), false);
    raw_store(place, value);
  }
  if (held.told()) next_epoch(self);
}

// `operation` does it.
template <typename Type, typename Operation>
Type modify(volatile Type* place, int order, uint64_t pc, Operation operation) {
  if (!is_followed()) return operation();
  RaceThread& self = *hot.thread;
  const auto address = reinterpret_cast<uint64_t>(place);
  const Step step(place);
  trace_atomic<Type>(record::TraceOp::kUpdate, address, pc);
  Sync* sync = locked_sync(self, address, releases(order) || !self.released.empty());
  if (sync == nullptr) {
    note<Type, kWrite>(address, pc);
    return operation();
  }
  Held held(self, sync);
  Type before;
  {
    SpinGuard guard(sync->lock);
    held.take_over(acquires(order));
    note<Type, kWrite>(address, pc);
    held.tell(releases(order), true);
    before = operation();
  }
  if (held.told()) next_epoch(self);
  return before;
}

template <typename Type>
bool compare_exchange(volatile Type* place, Type* expected, Type desired, int order, int failure_order,
                      uint64_t pc) {
  auto operation = [&] { return raw_compare_exchange(place, expected, desired); };
  if (!is_followed()) return operation();
  RaceThread& self = *hot.thread;
  const auto address = reinterpret_cast<uint64_t>(place);
  const Step step(place);
  // Threads that wait for another by turns need nothing of what follows.
  const Type found = raw_load(place);
  if (found != *expected) {
    *expected = found;
    note_load<Type>(address, failure_order, pc);
    return false;
  }
  // Nobody whose operation is traced comes between.
  trace_atomic<Type>(record::TraceOp::kUpdate, address, pc);
  Sync* sync = locked_sync(self, address, releases(order) || !self.released.empty());
  if (sync == nullptr) {
    note<Type, kWrite>(address, pc);
    return operation();
  }
  Held held(self, sync);
  bool done;
  {
    SpinGuard guard(sync->lock);
    // Nobody whose store is followed comes between: what is there now is what it will find.
    const bool will_be_done = raw_load(place) == *expected;
    held.take_over(acquires(will_be_done ? order : failure_order));
    if (will_be_done)
      note<Type, kWrite>(address, pc);
    else
      note<Type, 0>(address, pc);
    if (will_be_done) held.tell(releases(order), true);
    done = operation();
  }
  if (held.told()) next_epoch(self);
  return done;
}

void fence(int order) {
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  if (!is_followed()) return;
  RaceThread& self = *hot.thread;
  if (acquires(order)) {
    if (join(self.values, self.width, self.pending.values, self.pending.width)) ++self.others;
    self.pending.clear();
  }
  if (releases(order)) {
    assign(self.released, self.values, self.width, self.slot, told_clock(self));
    next_epoch(self);
  }
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks;
using races::Wide;

#pragma GCC visibility push(default)
extern "C" {

// clang-format off
#define GORDIAN_CALLER reinterpret_cast<uint64_t>(__builtin_return_address(0))
#define GORDIAN_MODIFY(bits, type, name, expression) \
  type __tsan_atomic##bits##_##name(volatile type* place, type value, int order) { \
    return races::modify<type>(place, order, GORDIAN_CALLER, [&]() -> type { return expression; }); \
  }
#define GORDIAN_ATOMIC(bits, type) \
  type __tsan_atomic##bits##_load(const volatile type* place, int order) { \
    return races::atomic_load<type>(place, order, GORDIAN_CALLER); \
  } \
  void __tsan_atomic##bits##_store(volatile type* place, type value, int order) { \
    races::atomic_store<type>(place, value, order, GORDIAN_CALLER); \
  } \
  GORDIAN_MODIFY(bits, type, exchange, races::raw_update(place, [&](type) -> type { return value; })) \
  GORDIAN_MODIFY(bits, type, fetch_add, races::raw_update(place, [&](type old) -> type { return static_cast<type>(old + value); })) \
  GORDIAN_MODIFY(bits, type, fetch_sub, races::raw_update(place, [&](type old) -> type { return static_cast<type>(old - value); })) \
  GORDIAN_MODIFY(bits, type, fetch_and, races::raw_update(place, [&](type old) -> type { return static_cast<type>(old & value); })) \
  GORDIAN_MODIFY(bits, type, fetch_or, races::raw_update(place, [&](type old) -> type { return static_cast<type>(old | value); })) \
  GORDIAN_MODIFY(bits, type, fetch_xor, races::raw_update(place, [&](type old) -> type { return static_cast<type>(old ^ value); })) \
  GORDIAN_MODIFY(bits, type, fetch_nand, races::raw_update(place, [&](type old) -> type { return static_cast<type>(~(old & value)); })) \
  int __tsan_atomic##bits##_compare_exchange_strong(volatile type* place, type* expected, type desired, int order, int failure_order) { \
    return races::compare_exchange<type>(place, expected, desired, order, failure_order, GORDIAN_CALLER); \
  } \
  int __tsan_atomic##bits##_compare_exchange_weak(volatile type* place, type* expected, type desired, int order, int failure_order) { \
    return races::compare_exchange<type>(place, expected, desired, order, failure_order, GORDIAN_CALLER); \
  } \
  type __tsan_atomic##bits##_compare_exchange_val(volatile type* place, type expected, type desired, int order, int failure_order) { \
    races::compare_exchange<type>(place, &expected, desired, order, failure_order, GORDIAN_CALLER); \
    return expected; \
  }
GORDIAN_ATOMIC(8, uint8_t)
GORDIAN_ATOMIC(16, uint16_t)
GORDIAN_ATOMIC(32, uint32_t)
GORDIAN_ATOMIC(64, uint64_t)
GORDIAN_ATOMIC(128, Wide)
#undef GORDIAN_ATOMIC
#undef GORDIAN_MODIFY
#undef GORDIAN_CALLER
// clang-format on

void __tsan_atomic_thread_fence(int order) {
  races::fence(order);
}
void __tsan_atomic_signal_fence(int) {}

}  // extern "C"
#pragma GCC visibility pop
