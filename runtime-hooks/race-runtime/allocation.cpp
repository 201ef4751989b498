// malloc and its family: blocks that come and go (heap.h). Free is hooked for all variants of the library, in
// interpose/memory.cpp.
//
// A definition that is looked for while it is being looked for (the linker may allocate) is answered from a
// small store of our own, which is never given back.
#include <dlfcn.h>
#include <errno.h>

#include "runtime-hooks/race-runtime/heap.h"
#include "runtime-hooks/race-runtime/program_site.h"
#include "runtime-hooks/real.h"

namespace gordian::hooks::races {
namespace {

constinit Real<"malloc", kDefault, void*(size_t)> real_malloc;
constinit Real<"calloc", kDefault, void*(size_t, size_t)> real_calloc;
constinit Real<"realloc", kDefault, void*(void*, size_t)> real_realloc;
constinit Real<"memalign", kDefault, void*(size_t, size_t)> real_memalign;
constinit Real<"aligned_alloc", kDefault, void*(size_t, size_t)> real_aligned_alloc;
constinit Real<"posix_memalign", kDefault, int(void**, size_t, size_t)> real_posix_memalign;
constinit Real<"valloc", kDefault, void*(size_t)> real_valloc;
constinit Real<"pvalloc", kDefault, void*(size_t)> real_pvalloc;

constinit thread_local bool resolving __attribute__((tls_model("initial-exec"))) = false;
constexpr size_t kEarly = 64u << 10;
alignas(16) constinit unsigned char early[kEarly] = {};
constinit size_t early_used = 0;

void* allocate_early(size_t size) {
  const size_t begin = __atomic_fetch_add(&early_used, (size + 31) & ~size_t{15}, __ATOMIC_RELAXED);
  return begin + size + 16 <= kEarly ? early + begin + 16 : nullptr;
}

template <typename Function>
[[gnu::noinline]] bool resolve(Function& function) {
  if (resolving) return false;
  resolving = true;
  function.resolve();
  resolving = false;
  return true;
}

template <typename Function>
[[gnu::always_inline]] inline bool is_resolved(Function& function) {
  return function.resolved() || resolve(function);
}

}  // namespace

bool is_early_block(const void* block) {
  return block >= early && block < early + kEarly;
}

}  // namespace gordian::hooks::races

using namespace gordian::hooks;
using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

void* malloc(size_t size) {
  if (!is_resolved(real_malloc)) [[unlikely]]
    return allocate_early(size);
  void* block = real_malloc(size);
  if (hot.thread != nullptr) block_allocated(block, size, program_site(call_site()));
  return block;
}

void* calloc(size_t count, size_t size) {
  if (!is_resolved(real_calloc)) [[unlikely]]
    return allocate_early(count * size);
  void* block = real_calloc(count, size);
  if (hot.thread != nullptr) block_allocated(block, count * size, program_site(call_site()));
  return block;
}

void* realloc(void* block, size_t size) {
  if (!is_resolved(real_realloc)) [[unlikely]]
    return allocate_early(size);
  if (is_early_block(block)) {
    void* moved = malloc(size);
    if (moved != nullptr) __builtin_memcpy(moved, block, size);  // what lies behind is the store's
    return moved;
  }
  if (hot.thread == nullptr) return real_realloc(block, size);
  const uint64_t site = program_site(call_site());
  block_freed(block, site);
  void* moved = real_realloc(block, size);
  block_allocated(moved, size, site);
  return moved;
}

void* reallocarray(void* block, size_t count, size_t size) {
  size_t whole;
  if (__builtin_mul_overflow(count, size, &whole)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(block, whole);
}

void* memalign(size_t alignment, size_t size) {
  void* block = real_memalign(alignment, size);
  if (hot.thread != nullptr) block_allocated(block, size, program_site(call_site()));
  return block;
}

void* aligned_alloc(size_t alignment, size_t size) {
  void* block = real_aligned_alloc(alignment, size);
  if (hot.thread != nullptr) block_allocated(block, size, program_site(call_site()));
  return block;
}

int posix_memalign(void** block, size_t alignment, size_t size) {
  const int result = real_posix_memalign(block, alignment, size);
  if (result == 0 && hot.thread != nullptr) block_allocated(*block, size, program_site(call_site()));
  return result;
}

void* valloc(size_t size) {
  void* block = real_valloc(size);
  if (hot.thread != nullptr) block_allocated(block, size, program_site(call_site()));
  return block;
}

void* pvalloc(size_t size) {
  void* block = real_pvalloc(size);
  if (hot.thread != nullptr) block_allocated(block, size, program_site(call_site()));
  return block;
}

}  // extern "C"
#pragma GCC visibility pop
