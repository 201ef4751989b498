// mmap and mremap: what lay there before is forgotten, whoever unmapped it (glibc does so past the hooks).
//
// A mapping is made by its thread: another one must know of it before it comes. That much is looked for at
// the first page, and where the call was made by code that was compiled with the callbacks.
#include <errno.h>
#include <stdarg.h>
#include <sys/mman.h>

#include "runtime-hooks/race-runtime/access.h"
#include "runtime-hooks/race-runtime/instrumented.h"
#include "runtime-hooks/race-runtime/sync.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/site.h"

namespace gordian::hooks::races {
namespace {

constexpr uint64_t kMarkedOfMapping = 4096;

constinit Real<"mmap", kDefault, void*(void*, size_t, int, int, int, off_t)> real_mmap;
constinit Real<"mmap64", kDefault, void*(void*, size_t, int, int, int, off64_t)> real_mmap64;
constinit Real<"mremap", kDefault, void*(void*, size_t, size_t, int, void*)> real_mremap;

void* mapped(void* memory, size_t size, uint64_t pc) {
  if (memory == MAP_FAILED || !detecting) return memory;
  const auto low = reinterpret_cast<uint64_t>(memory);
  clear_shadow(low, low + size);
  forget_syncs(low, low + size);
  if (hot.active && calls_back(pc))
    access_range(low, size < kMarkedOfMapping ? size : kMarkedOfMapping, kWrite, pc, Manner::kBulk);
  return memory;
}

}  // namespace
}  // namespace gordian::hooks::races

using namespace gordian::hooks;
using namespace gordian::hooks::races;

#pragma GCC visibility push(default)
extern "C" {

void* gordian_mmap(void* wanted, size_t size, int protection, int flags, int file, off_t at) asm("mmap");
void* gordian_mmap(void* wanted, size_t size, int protection, int flags, int file, off_t at) {
  return mapped(real_mmap(wanted, size, protection, flags, file, at), size, call_site().return_address);
}

void* gordian_mmap64(void* wanted, size_t size, int protection, int flags, int file,
                     off64_t at) asm("mmap64");
void* gordian_mmap64(void* wanted, size_t size, int protection, int flags, int file, off64_t at) {
  return mapped(real_mmap64(wanted, size, protection, flags, file, at), size, call_site().return_address);
}

void* gordian_mremap(void* from, size_t old_size, size_t size, int flags, ...) asm("mremap");
void* gordian_mremap(void* from, size_t old_size, size_t size, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  void* wanted = (flags & MREMAP_FIXED) != 0 ? va_arg(rest, void*) : nullptr;
  va_end(rest);
  void* memory = real_mremap(from, old_size, size, flags, wanted);
  if (memory == MAP_FAILED || !detecting) return memory;
  const auto low = reinterpret_cast<uint64_t>(memory);
  const auto before = reinterpret_cast<uint64_t>(from);
  if (memory == from) {
    if (size > old_size) clear_shadow(low + old_size, low + size);
    return memory;
  }
  clear_shadow(before, before + old_size);
  forget_syncs(before, before + old_size);
  clear_shadow(low, low + size);
  forget_syncs(low, low + size);
  return memory;
}

}  // extern "C"
#pragma GCC visibility pop
