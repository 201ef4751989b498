// What compiled code calls before its plain accesses, and as it enters and leaves functions.
//
// The names and arguments are those of the compilers (gcc's sanitizer.def, LLVM's ThreadSanitizer pass). A
// callback is called where the access is about to be made: its return address is where.
#include <unistd.h>

#include "runtime-hooks/race-runtime/access.h"

namespace gordian::hooks::races {
namespace {

[[gnu::always_inline]] inline uint64_t caller() {
  return reinterpret_cast<uint64_t>(__builtin_return_address(0));
}

template <typename T>
[[gnu::always_inline]] inline uint64_t number(T* address) {
  return reinterpret_cast<uint64_t>(address);
}

[[gnu::always_inline]] inline void access16(uint64_t address, Entry bits, uint64_t pc) {
  if ((address & 7) != 0) [[unlikely]]
    return access_split(address, 16, bits, pc);
  access<8>(address, bits, pc);
  access<8>(address + 8, bits, pc);
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

// gcc has it called before libc is there, too (.preinit_array), when nobody could read an option.
void __tsan_init() {
  if (environ != nullptr) begin_thread();
}

void __tsan_func_entry(void* return_address) {
  const auto stack_pointer = number(__builtin_frame_address(0));
  CallFrame* frame = hot.top;
  if (frame == hot.end) [[unlikely]]
    return enter_slowly(number(return_address), stack_pointer);
  // Reserved first: a handler's frames go above it.
  __atomic_store_n(&hot.top, frame + 1, __ATOMIC_RELAXED);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  frame->return_address = number(return_address);
  frame->stack_pointer = stack_pointer;
}

void __tsan_func_exit() {
  CallFrame* top = hot.top;
  if (top == hot.end || top == nullptr) [[unlikely]]
    return leave_slowly();
  if (top == hot.thread->frames) [[unlikely]]
    return;
  hot.top = top - 1;
  if (hot.known > top - 1) hot.known = top - 1;
}

// clang-format off
#define GORDIAN_ACCESS(size) \
  void __tsan_read##size(void* address) { access<size>(number(address), 0, caller()); } \
  void __tsan_write##size(void* address) { access<size>(number(address), kWrite, caller()); } \
  void __tsan_read##size##_pc(void* address, void* pc) { access<size>(number(address), 0, number(pc)); } \
  void __tsan_write##size##_pc(void* address, void* pc) { access<size>(number(address), kWrite, number(pc)); } \
  void __tsan_volatile_read##size(void* address) { access<size>(number(address), 0, caller()); } \
  void __tsan_volatile_write##size(void* address) { access<size>(number(address), kWrite, caller()); } \
  void __tsan_read_write##size(void* address) { access<size>(number(address), kWrite, caller()); }
GORDIAN_ACCESS(1)
GORDIAN_ACCESS(2)
GORDIAN_ACCESS(4)
GORDIAN_ACCESS(8)
#undef GORDIAN_ACCESS

#define GORDIAN_UNALIGNED(size) \
  void __tsan_unaligned_read##size(void* address) { access<size>(number(address), 0, caller()); } \
  void __tsan_unaligned_write##size(void* address) { access<size>(number(address), kWrite, caller()); } \
  void __tsan_unaligned_volatile_read##size(void* address) { access<size>(number(address), 0, caller()); } \
  void __tsan_unaligned_volatile_write##size(void* address) { access<size>(number(address), kWrite, caller()); } \
  void __tsan_unaligned_read_write##size(void* address) { access<size>(number(address), kWrite, caller()); }
GORDIAN_UNALIGNED(2)
GORDIAN_UNALIGNED(4)
GORDIAN_UNALIGNED(8)
#undef GORDIAN_UNALIGNED
// clang-format on

void __tsan_read16(void* address) {
  access16(number(address), 0, caller());
}
void __tsan_write16(void* address) {
  access16(number(address), kWrite, caller());
}
void __tsan_read16_pc(void* address, void* pc) {
  access16(number(address), 0, number(pc));
}
void __tsan_write16_pc(void* address, void* pc) {
  access16(number(address), kWrite, number(pc));
}
void __tsan_volatile_read16(void* address) {
  access16(number(address), 0, caller());
}
void __tsan_volatile_write16(void* address) {
  access16(number(address), kWrite, caller());
}
void __tsan_read_write16(void* address) {
  access16(number(address), kWrite, caller());
}
void __tsan_unaligned_read16(void* address) {
  access16(number(address), 0, caller());
}
void __tsan_unaligned_write16(void* address) {
  access16(number(address), kWrite, caller());
}
void __tsan_unaligned_volatile_read16(void* address) {
  access16(number(address), 0, caller());
}
void __tsan_unaligned_volatile_write16(void* address) {
  access16(number(address), kWrite, caller());
}
void __tsan_unaligned_read_write16(void* address) {
  access16(number(address), kWrite, caller());
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
