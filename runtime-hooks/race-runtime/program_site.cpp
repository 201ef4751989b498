#include "runtime-hooks/race-runtime/program_site.h"

#include <dlfcn.h>
#include <link.h>
#include <unistd.h>

#include "runtime-hooks/runtime.h"
#include "runtime-hooks/unwind.h"

// The linker's: where this library is mapped.
extern "C" [[gnu::visibility("hidden")]] const char __ehdr_start;
extern "C" [[gnu::visibility("hidden")]] const char _end;

// Of the dynamic linker's own functions.
extern "C" void* __tls_get_addr(void*);

namespace gordian::hooks::races {

namespace {

constexpr uint32_t kKnown = 64;
constexpr uint64_t kNotInside = 1;

// By return address: how far above the stack pointer the next one stands; kNotInside: it is the program's.
struct Distance {
  uint64_t pc;
  uint64_t distance;
};
constinit Distance known[kKnown] = {};

bool is_in_libstdcxx(uint64_t pc) {
  dl_find_object object;
  if (_dl_find_object(reinterpret_cast<void*>(pc), &object) != 0 || object.dlfo_link_map == nullptr)
    return false;
  const char* name = object.dlfo_link_map->l_name;
  return name != nullptr && __builtin_strstr(name, "libstdc++.so") != nullptr;
}

// The distance from the stack pointer at `site` to the return address of the function that it is in.
uint64_t measure(const Site& site) {
  if (!is_in_libstdcxx(site.return_address)) return kNotInside;
  Registers registers{};
  registers.value[Registers::kProgramCounter] = site.return_address;
  registers.value[Registers::kStackPointer] = site.stack_pointer;
  OwnStack stack{site.stack_pointer, site.stack_pointer + 4096};
  record::Frame frames[2];
  const UnwindResult found = unwind(registers, &OwnStack::read, &stack, frames, 2);
  if (found.count < 2 || frames[0].canonical_frame_address == 0) return kNotInside;
  return frames[0].canonical_frame_address - site.stack_pointer - sizeof(uint64_t);
}

uint64_t distance_at(const Site& site) {
  Distance& place = known[(site.return_address ^ site.return_address >> 7) % kKnown];
  if (__atomic_load_n(&place.pc, __ATOMIC_ACQUIRE) == site.return_address) {
    const uint64_t distance = __atomic_load_n(&place.distance, __ATOMIC_ACQUIRE);
    if (__atomic_load_n(&place.pc, __ATOMIC_RELAXED) == site.return_address) return distance;
  }
  const uint64_t distance = measure(site);
  __atomic_store_n(&place.pc, 0, __ATOMIC_RELEASE);
  __atomic_store_n(&place.distance, distance, __ATOMIC_RELEASE);
  __atomic_store_n(&place.pc, site.return_address, __ATOMIC_RELEASE);
  return distance;
}

struct ModuleRange {
  uint64_t low;
  uint64_t high;
};

ModuleRange module_around(const void* place) {
  dl_find_object object;
  if (place == nullptr || _dl_find_object(const_cast<void*>(place), &object) != 0) return {};
  return {reinterpret_cast<uint64_t>(object.dlfo_map_start), reinterpret_cast<uint64_t>(object.dlfo_map_end)};
}

bool is_in(const ModuleRange& range, uint64_t place) {
  return place >= range.low && place < range.high;
}

}  // namespace

bool is_libc_call(uint64_t return_address) {
  // Neither ever moves; of two threads that ask first, both find the same.
  static constinit ModuleRange libc = {};
  static constinit ModuleRange linker = {};
  if (__atomic_load_n(&linker.high, __ATOMIC_ACQUIRE) == 0) {
    const ModuleRange found_libc = module_around(reinterpret_cast<const void*>(&::getpid));
    const ModuleRange found_linker = module_around(reinterpret_cast<const void*>(&__tls_get_addr));
    libc.low = found_libc.low;
    libc.high = found_libc.high;
    linker.low = found_linker.low;
    __atomic_store_n(&linker.high, found_linker.high, __ATOMIC_RELEASE);
  }
  return is_in(libc, return_address) || is_in(linker, return_address);
}

bool is_own_call(uint64_t return_address) {
  const auto* place = reinterpret_cast<const char*>(return_address);
  return place >= &__ehdr_start && place < &_end;
}

uint64_t program_site(const Site& site) {
  uint64_t pc = site.return_address;
  uint64_t stack_pointer = site.stack_pointer;
  // One calls another, as operator new[] calls operator new.
  for (int inner = 0; inner < 3; ++inner) {
    const uint64_t distance = distance_at({pc, stack_pointer, 0});
    if (distance == kNotInside) return pc;
    const auto* place = reinterpret_cast<const uint64_t*>(stack_pointer + distance);
    pc = *place;
    stack_pointer += distance + sizeof(uint64_t);
  }
  return pc;
}

}  // namespace gordian::hooks::races
