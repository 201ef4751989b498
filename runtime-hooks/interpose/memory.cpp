// free and munmap: memory that held a lock takes the lock's life with it. std::mutex calls neither init nor
// destroy, so this is where it ends.
#include "runtime-hooks/misuse.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/resources.h"
#include "runtime-hooks/trace.h"

namespace gordian::hooks {
namespace {

[[gnu::noinline]] void forget_block(void* block, void* return_address) {
  const auto low = reinterpret_cast<uint64_t>(block);
  if (!real::malloc_usable_size.available()) return;
  const uint64_t high = low + real::malloc_usable_size(block);
  check_freed(low, high, {reinterpret_cast<uint64_t>(return_address), 0, 0});
  resources.forget_range(low, high);
}

constinit thread_local bool resolving __attribute__((tls_model("initial-exec"))) = false;

// dlsym frees the text of an earlier failure, and so comes back here while it looks our own `free` up: the
// inner call leaves the block to the outer one, which is about the same block.
[[gnu::noinline]] bool resolve_free() {
  if (resolving) return false;
  resolving = true;
  real::free.resolve();
  resolving = false;
  return true;
}

// A block that glibc mapped for itself is large and starts sixteen bytes into a page.
bool is_large(const void* block) {
  return (reinterpret_cast<uint64_t>(block) & 0xfff) == 16;
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

void free(void* block) noexcept {
  if constexpr (kRaces) {
    if (!trace_frees(block, call_site())) return;
  }
  if (resources.any() && block != nullptr &&
      (resources.page_may_hold_resource(reinterpret_cast<uint64_t>(block)) || is_large(block)))
    forget_block(block, __builtin_return_address(0));
  if (!real::free.resolved() && !resolve_free()) [[unlikely]]
    return;
  real::free(block);
}

int munmap(void* start, size_t size) noexcept {
  const auto low = reinterpret_cast<uint64_t>(start);
  if (resources.any()) check_unmapped(low, low + size, call_site());
  if constexpr (kRaces) trace_unmaps(low, low + size);
  const int result = real::munmap(start, size);
  if (result == 0 && resources.any()) resources.forget_range(low, low + size);
  return result;
}

}  // extern "C"
#pragma GCC visibility pop
