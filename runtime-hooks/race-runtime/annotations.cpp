// What a program tells the runtime itself: ThreadSanitizer's public interface (sanitizer/tsan_interface.h)
// and the dynamic annotations that came before it.
//
// Orders that are told here are believed. What concerns a tool that we are not (coverage, its own
// allocator) is answered so that the program goes on.
#include <limits.h>
#include <linux/futex.h>

#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/benign.h"
#include "runtime-hooks/race-runtime/sync.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/resources.h"

namespace gordian::hooks::races {
namespace {

uint64_t number(const volatile void* address) {
  return reinterpret_cast<uint64_t>(address);
}

void ignore(bool begins) {
  if (!begin_thread()) return;
  RaceThread& self = *hot.thread;
  if (begins)
    ++self.ignores;
  else if (self.ignores != 0)
    --self.ignores;
  refresh_active(self);
}

// tsan_interface.h.
constexpr unsigned kReadLock = 1u << 3, kTry = 1u << 4, kTryFailed = 1u << 5;

void follow(bool follows) {
  if (!begin_thread()) return;
  RaceThread& self = *hot.thread;
  if (!follows)
    ++self.unfollowed;
  else if (self.unfollowed != 0)
    --self.unfollowed;
}

// What a lock's own code does is not the program's: neither its accesses nor its orders.
void enter_lock() {
  ignore(true);
  follow(false);
}
void leave_lock() {
  follow(true);
  ignore(false);
}

void read_release(uint64_t address) {
  RaceThread* self = followed();
  if (self == nullptr) return;
  if constexpr (kTracing) to_file::tells(address);
  if (Sync* sync = make_sync(*self, address)) release_as_reader(*self, *sync);
}
void write_acquire(uint64_t address) {
  RaceThread* self = followed();
  if (self == nullptr) return;
  if constexpr (kTracing) to_file::learns(address);
  if (Sync* sync = find_sync(*self, address)) acquire_as_writer(*self, *sync);
}

// The low bits of a barrier for tests are the number of threads, the upper ones how many have come.
constexpr unsigned kOneArrival = 1u << 10;
unsigned round_of(unsigned barrier) {
  return barrier / kOneArrival / (barrier % kOneArrival);
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks::races;
using Address = const volatile void*;

#pragma GCC visibility push(default)
extern "C" {

void __tsan_acquire(void* address) {
  acquire_told(number(address));
}
void __tsan_release(void* address) {
  release_told(number(address), true);
}

void __tsan_ignore_thread_begin() {
  ignore(true);
}
void __tsan_ignore_thread_end() {
  ignore(false);
}

// A lock that the program made itself.
void __tsan_mutex_create(void*, unsigned) {}
void __tsan_mutex_destroy(void* mutex, unsigned) {
  forget_sync(number(mutex));
}
void __tsan_mutex_pre_lock(void*, unsigned) {
  enter_lock();
}
void __tsan_mutex_post_lock(void* mutex, unsigned flags, int) {
  leave_lock();
  if ((flags & kTry) != 0 && (flags & kTryFailed) != 0) return;
  if ((flags & kReadLock) != 0)
    acquire_at(number(mutex));
  else
    write_acquire(number(mutex));
}
int __tsan_mutex_pre_unlock(void* mutex, unsigned flags) {
  if ((flags & kReadLock) != 0)
    read_release(number(mutex));
  else
    release_at(number(mutex), false);
  enter_lock();
  return 0;
}
void __tsan_mutex_post_unlock(void*, unsigned) {
  leave_lock();
}
void __tsan_mutex_pre_signal(void*, unsigned) {
  enter_lock();
}
void __tsan_mutex_post_signal(void*, unsigned) {
  leave_lock();
}
void __tsan_mutex_pre_divert(void*, unsigned) {
  leave_lock();
}
void __tsan_mutex_post_divert(void*, unsigned) {
  enter_lock();
}

void AnnotateHappensBefore(char*, int, Address address) {
  release_told(number(address), true);
}
void AnnotateHappensAfter(char*, int, Address address) {
  acquire_told(number(address));
}
void WTFAnnotateHappensBefore(char*, int, Address address) {
  release_told(number(address), true);
}
void WTFAnnotateHappensAfter(char*, int, Address address) {
  acquire_told(number(address));
}
void AnnotateCondVarSignal(char*, int, Address) {}
void AnnotateCondVarSignalAll(char*, int, Address) {}
void AnnotateCondVarWait(char*, int, Address, Address) {}
void AnnotateMutexIsNotPHB(char*, int, Address) {}
void AnnotateMutexIsUsedAsCondVar(char*, int, Address) {}
void AnnotateRWLockCreate(char*, int, Address) {}
void AnnotateRWLockCreateStatic(char*, int, Address) {}
void AnnotateRWLockDestroy(char*, int, Address lock) {
  forget_sync(number(lock));
}
void AnnotateRWLockAcquired(char*, int, Address lock, long is_writer) {
  if (is_writer != 0)
    write_acquire(number(lock));
  else
    acquire_at(number(lock));
}
void AnnotateRWLockReleased(char*, int, Address lock, long is_writer) {
  if (is_writer != 0)
    release_at(number(lock), false);
  else
    read_release(number(lock));
}
void AnnotateTraceMemory(char*, int, Address) {}
void AnnotateFlushState(char*, int) {}
void AnnotateNewMemory(char*, int, Address address, unsigned long size) {
  if (detecting) clear_shadow(number(address), number(address) + size);
}
void AnnotateNoOp(char*, int, Address) {}
void AnnotateFlushExpectedRaces(char*, int) {}
void AnnotateEnableRaceDetection(char*, int, int) {}
void AnnotatePCQCreate(char*, int, Address) {}
void AnnotatePCQDestroy(char*, int, Address) {}
void AnnotatePCQPut(char*, int, Address) {}
void AnnotatePCQGet(char*, int, Address) {}
void AnnotateExpectRace(char*, int, Address address, char*) {
  expect_races(number(address), 1);
}
void AnnotateBenignRaceSized(char*, int, Address address, unsigned long size, char*) {
  expect_races(number(address), size);
}
void WTFAnnotateBenignRaceSized(char*, int, Address address, unsigned long size, char*) {
  expect_races(number(address), size);
}
void AnnotateBenignRace(char*, int, Address address, char*) {
  expect_races(number(address), 1);
}
void AnnotateIgnoreReadsBegin(char*, int) {
  ignore(true);
}
void AnnotateIgnoreReadsEnd(char*, int) {
  ignore(false);
}
void AnnotateIgnoreWritesBegin(char*, int) {
  ignore(true);
}
void AnnotateIgnoreWritesEnd(char*, int) {
  ignore(false);
}
void AnnotateIgnoreSyncBegin(char*, int) {
  follow(false);
}
void AnnotateIgnoreSyncEnd(char*, int) {
  follow(true);
}
void AnnotatePublishMemoryRange(char*, int, Address, unsigned long) {}
void AnnotateUnpublishMemoryRange(char*, int, Address, unsigned long) {}
void AnnotateThreadName(char*, int, char*) {}
void AnnotateMemoryIsInitialized(char*, int, Address, unsigned long) {}
void AnnotateMemoryIsUninitialized(char*, int, Address, unsigned long) {}
int RunningOnValgrind() {
  return 0;
}
double ValgrindSlowdown() {
  return 10.0;
}
const char* ThreadSanitizerQuery(const char* query) {
  return __builtin_strcmp(query, "pure_happens_before") == 0 ? "1" : "0";
}

void __tsan_flush_memory() {}

// Objects of a kind of their own, as other languages have them: an access is to the object's first byte.
void* __tsan_external_register_tag(const char*) {
  static char tag;
  return &tag;
}
void __tsan_external_register_header(void*, const char*) {}
void __tsan_external_assign_tag(void*, void*) {}
void __tsan_external_read(void* address, void* caller, void*) {
  access<1>(number(address), 0, number(caller));
}
void __tsan_external_write(void* address, void* caller, void*) {
  access<1>(number(address), kWrite, number(caller));
}

// A barrier that tests of race detectors force their interleavings with. Makes no order.
void __tsan_testonly_barrier_init(unsigned* barrier, unsigned count) {
  *barrier = count;
}
void __tsan_testonly_barrier_wait(unsigned* barrier) {
  const unsigned round = round_of(__atomic_fetch_add(barrier, kOneArrival, __ATOMIC_RELAXED));
  for (;;) {
    const unsigned now = __atomic_load_n(barrier, __ATOMIC_RELAXED);
    const auto word = static_cast<long>(number(barrier));
    if (round_of(now) != round) {
      gordian::hooks::raw_syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, INT_MAX);
      return;
    }
    gordian::hooks::raw_syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, static_cast<long>(now), 0);
  }
}

// The common part of all sanitizers.
void __sanitizer_set_death_callback(void (*)()) {}
void __sanitizer_set_report_path(const char*) {}
void __sanitizer_set_report_fd(void*) {}
void __sanitizer_print_stack_trace() {}
void __sanitizer_sandbox_on_notify(void*) {}
void __sanitizer_report_error_summary(const char*) {}
unsigned long __sanitizer_get_current_allocated_bytes() {
  return 0;
}
unsigned long __sanitizer_get_heap_size() {
  return 0;
}
unsigned long __sanitizer_get_estimated_allocated_size(unsigned long size) {
  return size;
}
int __sanitizer_get_ownership(Address) {
  return 0;
}
unsigned long __sanitizer_get_allocated_size(Address block) {
  return gordian::hooks::real::malloc_usable_size(const_cast<void*>(block));
}
int __sanitizer_acquire_crash_state() {
  return 1;
}
uint16_t __sanitizer_unaligned_load16(const void* address) {
  uint16_t value;
  access<2>(number(address), 0, number(__builtin_return_address(0)));
  __builtin_memcpy(&value, address, sizeof value);
  return value;
}
uint32_t __sanitizer_unaligned_load32(const void* address) {
  uint32_t value;
  access<4>(number(address), 0, number(__builtin_return_address(0)));
  __builtin_memcpy(&value, address, sizeof value);
  return value;
}
uint64_t __sanitizer_unaligned_load64(const void* address) {
  uint64_t value;
  access<8>(number(address), 0, number(__builtin_return_address(0)));
  __builtin_memcpy(&value, address, sizeof value);
  return value;
}
void __sanitizer_unaligned_store16(void* address, uint16_t value) {
  access<2>(number(address), kWrite, number(__builtin_return_address(0)));
  __builtin_memcpy(address, &value, sizeof value);
}
void __sanitizer_unaligned_store32(void* address, uint32_t value) {
  access<4>(number(address), kWrite, number(__builtin_return_address(0)));
  __builtin_memcpy(address, &value, sizeof value);
}
void __sanitizer_unaligned_store64(void* address, uint64_t value) {
  access<8>(number(address), kWrite, number(__builtin_return_address(0)));
  __builtin_memcpy(address, &value, sizeof value);
}

}  // extern "C"
#pragma GCC visibility pop
