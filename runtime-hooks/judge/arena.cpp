#include "runtime-hooks/judge/arena.h"

#include <exception>
#include <new>

#include <sys/mman.h>
#include "runtime-hooks/kernel.h"

namespace gordian::hooks {

constinit Arena arena;

bool Arena::prepare() {
  if (base_ == nullptr)
    base_ = static_cast<unsigned char*>(
        kernel::map(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1));
  reset();
  return base_ != nullptr;
}

void* Arena::allocate(size_t size) {
  const size_t begin = (used_ + 15) & ~size_t{15};
  if (size > kSize - begin) longjmp(escape_, 1);
  used_ = begin + size;
  return base_ + begin;
}

}  // namespace gordian::hooks

// Hidden: these are the library's own and nobody else's.
void* operator new(size_t size) {
  return gordian::hooks::arena.allocate(size);
}
void* operator new[](size_t size) {
  return gordian::hooks::arena.allocate(size);
}
void operator delete(void*) noexcept {}
void operator delete[](void*) noexcept {}
void operator delete(void*, size_t) noexcept {}
void operator delete[](void*, size_t) noexcept {}

// Boost's way out where exceptions are off: give the judgement up, as when memory ends.
namespace boost {
[[noreturn]] void throw_exception(const std::exception&) {
  longjmp(gordian::hooks::arena.escape(), 1);
}
struct source_location;
[[noreturn]] void throw_exception(const std::exception&, const source_location&) {
  longjmp(gordian::hooks::arena.escape(), 1);
}
}  // namespace boost
