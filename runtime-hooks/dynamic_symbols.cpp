#include "runtime-hooks/dynamic_symbols.h"

#include <dlfcn.h>
#include <link.h>

namespace gordian::hooks {

namespace {

struct Tables {
  const ElfW(Sym) * symbols = nullptr;
  const char* strings = nullptr;
  const uint32_t* gnu_hash = nullptr;
  uint64_t string_size = 0;
};

// glibc has relocated the pointers of a loaded object's dynamic section, but for the vdso's.
Tables tables_of(const link_map* map) {
  Tables tables;
  auto pointer = [&](ElfW(Addr) value) { return value < map->l_addr ? value + map->l_addr : value; };
  for (const ElfW(Dyn)* entry = map->l_ld; entry != nullptr && entry->d_tag != DT_NULL; ++entry) {
    if (entry->d_tag == DT_SYMTAB)
      tables.symbols = reinterpret_cast<const ElfW(Sym)*>(pointer(entry->d_un.d_ptr));
    if (entry->d_tag == DT_STRTAB) tables.strings = reinterpret_cast<const char*>(pointer(entry->d_un.d_ptr));
    if (entry->d_tag == DT_GNU_HASH)
      tables.gnu_hash = reinterpret_cast<const uint32_t*>(pointer(entry->d_un.d_ptr));
    if (entry->d_tag == DT_STRSZ) tables.string_size = entry->d_un.d_val;
  }
  return tables;
}

// The GNU hash table is the only one that tells where the symbols end: at the end of the last bucket's chain.
uint32_t symbol_count(const uint32_t* hash) {
  const uint32_t buckets = hash[0];
  const uint32_t first = hash[1];
  const uint32_t* bucket = hash + 4 + hash[2] * (sizeof(ElfW(Addr)) / 4);
  const uint32_t* chain = bucket + buckets;
  uint32_t last = 0;
  for (uint32_t i = 0; i < buckets; ++i)
    if (bucket[i] > last) last = bucket[i];
  if (last < first) return first;
  while ((chain[last - first] & 1) == 0) ++last;
  return last + 1;
}

}  // namespace

const char* function_name_at(uint64_t address) {
  dl_find_object object;
  if (_dl_find_object(reinterpret_cast<void*>(address), &object) != 0 || object.dlfo_link_map == nullptr)
    return nullptr;
  const link_map* map = object.dlfo_link_map;
  const Tables tables = tables_of(map);
  if (tables.symbols == nullptr || tables.strings == nullptr || tables.gnu_hash == nullptr) return nullptr;
  const uint32_t count = symbol_count(tables.gnu_hash);
  for (uint32_t i = 1; i < count; ++i) {
    const ElfW(Sym)& symbol = tables.symbols[i];
    const uint64_t start = map->l_addr + symbol.st_value;
    if (symbol.st_shndx != 0 && address >= start && address < start + symbol.st_size &&
        symbol.st_name < tables.string_size)
      return tables.strings + symbol.st_name;
  }
  return nullptr;
}

}  // namespace gordian::hooks
