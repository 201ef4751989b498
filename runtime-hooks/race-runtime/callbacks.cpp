// What compiled code calls before its plain accesses, and as it enters and leaves functions.
//
// The names and arguments are those of the compilers (gcc's sanitizer.def, LLVM's ThreadSanitizer pass). A
// callback is called where the access is about to be made: its return address is where.
#include <unistd.h>

#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/entry_sets.h"

namespace gordian::hooks::races {
namespace {

[[gnu::always_inline]] inline uint64_t caller() {
  return reinterpret_cast<uint64_t>(__builtin_return_address(0));
}

// The caller's, at its call.
[[gnu::always_inline]] inline uint64_t stack_pointer() {
#if __has_builtin(__builtin_dwarf_cfa)
  return reinterpret_cast<uint64_t>(__builtin_dwarf_cfa());
#else
  return reinterpret_cast<uint64_t>(__builtin_frame_address(0)) + 2 * sizeof(void*);
#endif
}

template <typename T>
[[gnu::always_inline]] inline uint64_t number(T* address) {
  return reinterpret_cast<uint64_t>(address);
}

template <Entry kBits>
[[gnu::always_inline]] inline bool is_done_within(const Entry* cell, Entry epoch) {
  const Entry key = epoch | bytes_bits(0, 8) | kBits;
  return is_done(load(cell), key, kBits) || is_done(load(cell + 1), key, kBits);
}

template <Entry kBits, typename Pc>
[[gnu::always_inline]] inline void access16(uint64_t address, Pc pc) {
  const Entry epoch = hot.watched;
  if (epoch == 0) return;
  const Entry* cell = cell_of(address);
  if ((address & 7) == 0 && is_done_within<kBits>(cell, epoch) && is_done_within<kBits>(cell + 2, epoch))
    return;
  far.access_split(address, 16, kBits, pc());
}

}  // namespace

[[gnu::noinline]] GORDIAN_NEAR void access_again(Entry* cell, Entry key, uint64_t address, uint64_t pc) {
  const Entry head = load(cell);
  if (is_shared(head) && load(cell + 1) == 0) {
    const SeenSet& seen = seen_set(*hot.thread, head, key);
    if (seen.from == head && seen.to == head && (seen.whole ^ key) >> kContextBits == 0) return;
  }
  far.access_slowly(cell, key, address, pc, Manner::kPlain);
}

}  // namespace gordian::hooks::races

using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

// gcc has it called before libc is there, too (.preinit_array), when nobody could read an option.
void __tsan_init() {
  if (environ != nullptr) begin_thread();
}

GORDIAN_NEAR void __tsan_func_entry(void* return_address) {
  CallFrame* frame = hot.top;
  if (frame == hot.end) [[unlikely]]
    return far.enter_slowly(number(return_address), stack_pointer());
  // Reserved first: a handler's frames go above it.
  __atomic_store_n(&hot.top, frame + 1, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  frame->return_address = number(return_address);
  frame->stack_pointer = stack_pointer();
}

GORDIAN_NEAR void __tsan_func_exit() {
  CallFrame* top = hot.top;
  if (top == hot.low) [[unlikely]]
    return far.leave_slowly();
  --top;
  hot.top = top;
  hot.known = hot.known < top ? hot.known : top;
}

// clang-format off
#define GORDIAN_ACCESS(size) \
  GORDIAN_NEAR void __tsan_read##size(void* address) { access<size, 0>(number(address), Caller()); } \
  GORDIAN_NEAR void __tsan_write##size(void* address) { access<size, kWrite>(number(address), Caller()); } \
  GORDIAN_NEAR void __tsan_read##size##_pc(void* address, void* pc) { access<size, 0>(number(address), Given{number(pc)}); } \
  GORDIAN_NEAR void __tsan_write##size##_pc(void* address, void* pc) { access<size, kWrite>(number(address), Given{number(pc)}); } \
  GORDIAN_NEAR void __tsan_volatile_read##size(void* address) { access<size, 0>(number(address), Caller()); } \
  GORDIAN_NEAR void __tsan_volatile_write##size(void* address) { access<size, kWrite>(number(address), Caller()); } \
  GORDIAN_NEAR void __tsan_read_write##size(void* address) { access<size, kWrite>(number(address), Caller()); }
GORDIAN_ACCESS(1)
GORDIAN_ACCESS(2)
GORDIAN_ACCESS(4)
GORDIAN_ACCESS(8)
#undef GORDIAN_ACCESS

#define GORDIAN_UNALIGNED(size) \
  GORDIAN_NEAR void __tsan_unaligned_read##size(void* address) { access_unaligned<size, 0>(number(address), Caller()); } \
  GORDIAN_NEAR void __tsan_unaligned_write##size(void* address) { access_unaligned<size, kWrite>(number(address), Caller()); } \
  GORDIAN_NEAR void __tsan_unaligned_volatile_read##size(void* address) { access_unaligned<size, 0>(number(address), Caller()); } \
  GORDIAN_NEAR void __tsan_unaligned_volatile_write##size(void* address) { access_unaligned<size, kWrite>(number(address), Caller()); } \
  GORDIAN_NEAR void __tsan_unaligned_read_write##size(void* address) { access_unaligned<size, kWrite>(number(address), Caller()); }
GORDIAN_UNALIGNED(2)
GORDIAN_UNALIGNED(4)
GORDIAN_UNALIGNED(8)
#undef GORDIAN_UNALIGNED
// clang-format on

GORDIAN_NEAR void __tsan_read16(void* address) {
  access16<0>(number(address), Caller());
}
GORDIAN_NEAR void __tsan_write16(void* address) {
  access16<kWrite>(number(address), Caller());
}
GORDIAN_NEAR void __tsan_read16_pc(void* address, void* pc) {
  access16<0>(number(address), Given{number(pc)});
}
GORDIAN_NEAR void __tsan_write16_pc(void* address, void* pc) {
  access16<kWrite>(number(address), Given{number(pc)});
}
GORDIAN_NEAR void __tsan_volatile_read16(void* address) {
  access16<0>(number(address), Caller());
}
GORDIAN_NEAR void __tsan_volatile_write16(void* address) {
  access16<kWrite>(number(address), Caller());
}
GORDIAN_NEAR void __tsan_read_write16(void* address) {
  access16<kWrite>(number(address), Caller());
}
GORDIAN_NEAR void __tsan_unaligned_read16(void* address) {
  access16<0>(number(address), Caller());
}
GORDIAN_NEAR void __tsan_unaligned_write16(void* address) {
  access16<kWrite>(number(address), Caller());
}
GORDIAN_NEAR void __tsan_unaligned_volatile_read16(void* address) {
  access16<0>(number(address), Caller());
}
GORDIAN_NEAR void __tsan_unaligned_volatile_write16(void* address) {
  access16<kWrite>(number(address), Caller());
}
GORDIAN_NEAR void __tsan_unaligned_read_write16(void* address) {
  access16<kWrite>(number(address), Caller());
}

void __tsan_read_range(void* address, unsigned long size) {
  access_range(number(address), size, 0, caller(), Manner::kPlain);
}
void __tsan_write_range(void* address, unsigned long size) {
  access_range(number(address), size, kWrite, caller(), Manner::kPlain);
}
void __tsan_read_range_pc(void* address, unsigned long size, void* pc) {
  access_range(number(address), size, 0, number(pc), Manner::kPlain);
}
void __tsan_write_range_pc(void* address, unsigned long size, void* pc) {
  access_range(number(address), size, kWrite, number(pc), Manner::kPlain);
}

// The same table again is no news: what a constructor or destructor writes most of the time.
void __tsan_vptr_update(void** place, void* value) {
  if (__atomic_load_n(place, __ATOMIC_RELAXED) == value) return;
  access_range(number(place), 8, kWrite, caller(), Manner::kVirtualTable);
}
void __tsan_vptr_read(void** place) {
  access_range(number(place), 8, 0, caller(), Manner::kVirtualTable);
}

}  // extern "C"
#pragma GCC visibility pop
