#include "runtime-hooks/race-runtime/instrumented.h"

#include <dlfcn.h>
#include <link.h>

#include <cstring>

#include "runtime-hooks/modules.h"

namespace gordian::hooks::races {

namespace {

// By the beginnings of their files' names.
constexpr const char* kKnown[] = {"libc.so",     "libm.so",       "ld-linux",  "libstdc++.so", "libgcc_s.so",
                                  "libtsan.so.", "libpthread.so", "librt.so.", "libdl.so.",    "[vdso]"};

bool is_known(const char* path) {
  const char* slash = std::strrchr(path, '/');
  const char* name = slash != nullptr ? slash + 1 : path;
  for (const char* known : kKnown)
    if (std::strncmp(name, known, std::strlen(known)) == 0) return true;
  return false;
}

// Whoever calls a function of another module has its name among its own strings.
bool names_the_callbacks(const link_map* map) {
  const char* strings = nullptr;
  size_t size = 0;
  for (const ElfW(Dyn)* entry = map->l_ld; entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_STRTAB) {
      const bool is_relocated = entry->d_un.d_ptr >= map->l_addr;
      strings = reinterpret_cast<const char*>(entry->d_un.d_ptr + (is_relocated ? 0 : map->l_addr));
    }
    if (entry->d_tag == DT_STRSZ) size = entry->d_un.d_val;
  }
  constexpr char kName[] = "__tsan_init";
  return strings != nullptr && memmem(strings, size, kName, sizeof kName) != nullptr;
}

}  // namespace

bool is_instrumented(const record::ModuleRecord& module) {
  if (is_known(module.path)) return true;
  dl_find_object object;
  if (_dl_find_object(reinterpret_cast<void*>(module.start), &object) != 0) return true;  // gone, or no code
  return object.dlfo_link_map != nullptr && object.dlfo_link_map->l_ld != nullptr &&
         names_the_callbacks(object.dlfo_link_map);
}

bool calls_back(uint64_t pc) {
  static constinit uintptr_t last = 0;  // of the module that was asked for last, with the answer
  dl_find_object object;
  if (_dl_find_object(reinterpret_cast<void*>(pc), &object) != 0 || object.dlfo_link_map == nullptr)
    return false;
  const auto map = reinterpret_cast<uintptr_t>(object.dlfo_link_map);
  const uintptr_t known = __atomic_load_n(&last, __ATOMIC_RELAXED);
  if ((known & ~uintptr_t{1}) == map) return (known & 1) != 0;
  const bool answer = object.dlfo_link_map->l_ld != nullptr && names_the_callbacks(object.dlfo_link_map);
  __atomic_store_n(&last, map | (answer ? 1 : 0), __ATOMIC_RELAXED);
  return answer;
}

bool all_is_instrumented() {
  CriticalSection section;
  refresh_modules();
  for (uint32_t i = 0; i < runtime.header().module_count; ++i)
    if (!is_instrumented(runtime.modules()[i])) return false;
  return true;
}

}  // namespace gordian::hooks::races
