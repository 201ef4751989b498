// What a Java machine tells ThreadSanitizer's runtime: of its heap, whose objects a collector moves, and of
// its locks (ThreadSanitizer's interface for Java). Addresses and sizes are multiples of eight.
#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-runtime/lifetime.h"
#include "runtime-hooks/race-runtime/sync.h"

namespace gordian::hooks::races {
namespace {

struct JavaHeap {
  uint64_t begin;
  uint64_t end;
  uint32_t* sizes;  // of the object that begins at that word, in words; 0: none does
};
constinit JavaHeap java_heap{};

uint32_t& size_at(uint64_t address) {
  return java_heap.sizes[(address - java_heap.begin) / 8];
}
bool is_in_heap(uint64_t address, uint64_t size) {
  return java_heap.sizes != nullptr && address >= java_heap.begin && address <= java_heap.end &&
         size <= java_heap.end - address;
}

// How often a lock's owner has taken it: only the owner comes here.
constexpr uint32_t kJavaLocks = 1u << 14;
struct JavaLock {
  uint64_t address;
  uint32_t depth;
};
constinit JavaLock java_locks[kJavaLocks] = {};

// Null where there is no room; then a lock counts as taken once.
JavaLock* java_lock_at(uint64_t address) {
  const uint64_t mixed = (address >> 3) * 0x9E3779B97F4A7C15u >> 50;
  for (uint32_t probe = 0; probe < 64; ++probe) {
    JavaLock& lock = java_locks[(mixed + probe) % kJavaLocks];
    uint64_t there = 0;
    if (__atomic_compare_exchange_n(&lock.address, &there, address, false, __ATOMIC_RELAXED,
                                    __ATOMIC_RELAXED) ||
        there == address)
      return &lock;
  }
  return nullptr;
}

void lock_java(uint64_t address, uint32_t times) {
  RaceThread* self = followed();
  JavaLock* lock = java_lock_at(address);
  const bool is_first = lock == nullptr || lock->depth == 0;
  if (lock != nullptr) lock->depth += times;
  if (self == nullptr || !is_first) return;
  if (Sync* sync = find_sync(*self, address)) acquire_as_writer(*self, *sync);
}

// How often it had been taken.
uint32_t unlock_java(uint64_t address, bool wholly) {
  JavaLock* lock = java_lock_at(address);
  const uint32_t depth = lock != nullptr && lock->depth != 0 ? lock->depth : 1;
  if (lock != nullptr) lock->depth = wholly ? 0 : depth - 1;
  if (wholly || depth == 1) release_at(address, false);
  return depth;
}

void move_cells(uint64_t from, uint64_t to, uint64_t size) {
  const uint64_t words = size / 8;
  for (uint64_t i = 0; i < words; ++i) {
    const uint64_t at = from < to ? words - 1 - i : i;
    Entry* source = cell_of(from + at * 8);
    Entry* target = cell_of(to + at * 8);
    for (int entry = 0; entry < 2; ++entry) {
      store(target + entry, load(source + entry));
      store(source + entry, 0);
    }
    size_at(to + at * 8) = size_at(from + at * 8);
    size_at(from + at * 8) = 0;
  }
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks;
using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

void __tsan_java_init(uint64_t begin, uint64_t size) {
  void* sizes =
      kernel::map(nullptr, size / 2, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  java_heap = {begin, begin + size, static_cast<uint32_t*>(sizes)};
}

int __tsan_java_fini() {
  return 0;
}

void __tsan_java_alloc(uint64_t address, uint64_t size) {
  if (!is_in_heap(address, size)) return;
  if (detecting) clear_shadow(address, address + size);
  size_at(address) = static_cast<uint32_t>(size / 8);
}

void __tsan_java_free(uint64_t address, uint64_t size) {
  if (!is_in_heap(address, size)) return;
  if (detecting) {
    clear_shadow(address, address + size);
    for (const uint64_t told : {uint64_t{0}, kTold}) forget_syncs(address | told, (address | told) + size);
  }
  for (uint64_t word = address; word < address + size; word += 8) size_at(word) = 0;
}

void __tsan_java_move(uint64_t from, uint64_t to, uint64_t size) {
  if (!is_in_heap(from, size) || !is_in_heap(to, size) || from == to) return;
  move_cells(from, to, size);
  for (const uint64_t told : {uint64_t{0}, kTold})
    move_syncs(from | told, (from | told) + size, static_cast<int64_t>(to - from));
}

uint64_t __tsan_java_find(uint64_t* from, uint64_t to) {
  if (!is_in_heap(*from, 0)) return 0;
  for (uint64_t word = *from; word < to && word < java_heap.end; word += 8) {
    if (size_at(word) == 0) continue;
    *from = word;
    return uint64_t{size_at(word)} * 8;
  }
  return 0;
}

// Whatever was done to an object comes before its finalizer.
void __tsan_java_finalize() {
  if (RaceThread* self = followed()) know_everybody(*self);
}

void __tsan_java_mutex_lock(uint64_t lock) {
  lock_java(lock, 1);
}
void __tsan_java_mutex_unlock(uint64_t lock) {
  unlock_java(lock, false);
}
void __tsan_java_mutex_lock_rec(uint64_t lock, int times) {
  lock_java(lock, times > 0 ? static_cast<uint32_t>(times) : 1);
}
int __tsan_java_mutex_unlock_rec(uint64_t lock) {
  return static_cast<int>(unlock_java(lock, true));
}
void __tsan_java_mutex_read_lock(uint64_t lock) {
  acquire_at(lock);
}
void __tsan_java_mutex_read_unlock(uint64_t lock) {
  RaceThread* self = followed();
  if (self == nullptr) return;
  if (Sync* sync = make_sync(*self, lock)) release_as_reader(*self, *sync);
}
void __tsan_java_acquire(uint64_t address) {
  acquire_told(address);
}
void __tsan_java_release(uint64_t address) {
  release_told(address, true);
}
void __tsan_java_release_store(uint64_t address) {
  release_told(address, false);
}

}  // extern "C"
#pragma GCC visibility pop
