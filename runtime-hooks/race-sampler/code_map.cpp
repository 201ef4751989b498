#include "runtime-hooks/race-sampler/code_map.h"

#include <dlfcn.h>
#include <elf.h>
#include <link.h>

#include <algorithm>
#include <cstring>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/modules.h"

namespace gordian::hooks::races {

namespace {

constexpr uint64_t kLongestFunction = 1u << 20;

const char* base_name(const char* path) {
  const char* slash = std::strrchr(path, '/');
  return slash != nullptr ? slash + 1 : path;
}

// Whose own synchronisation looks like plain accesses, or whose memory is not for others to judge.
bool is_foreign_name(const char* name) {
  static constexpr const char* kBeginnings[] = {
      "libc.so",   "libc-",      "ld-linux", "ld-",         "libpthread",  "libstdc++",
      "libgcc_s",  "libm.so",    "libm-",    "libdl.",      "librt.",      "libZydis",
      "libZycore", "libgordian", "libc++",   "libgomp",     "libatomic",   "libtsan",
      "libasan",   "libubsan",   "liblsan",  "libjemalloc", "libtcmalloc", "libmimalloc",
  };
  return std::any_of(std::begin(kBeginnings), std::end(kBeginnings), [&](const char* beginning) {
    return std::strncmp(name, beginning, std::strlen(beginning)) == 0;
  });
}

template <typename T>
bool read_at(int fd, uint64_t offset, T& out) {
  return raw_syscall(SYS_pread64, fd, reinterpret_cast<long>(&out), sizeof(out), static_cast<long>(offset)) ==
         static_cast<long>(sizeof(out));
}

// Whether every compiler that left its name in .comment is GCC.
bool is_made_by_gcc(const char* path) {
  const int fd = kernel::open(path, O_RDONLY);
  if (fd < 0) return false;
  Elf64_Ehdr header;
  Elf64_Shdr names;
  bool found = false;
  bool only_gcc = true;
  if (read_at(fd, 0, header) && std::memcmp(header.e_ident, ELFMAG, SELFMAG) == 0 && header.e_shoff != 0 &&
      read_at(fd, header.e_shoff + header.e_shstrndx * sizeof(Elf64_Shdr), names)) {
    for (uint32_t i = 0; i < header.e_shnum && !found; ++i) {
      Elf64_Shdr section;
      char name[9] = {};
      if (!read_at(fd, header.e_shoff + i * sizeof(Elf64_Shdr), section)) break;
      if (!read_at(fd, names.sh_offset + section.sh_name, name)) continue;
      if (std::memcmp(name, ".comment", 9) != 0) continue;
      found = true;
      char text[4096];
      const uint64_t size = std::min<uint64_t>(section.sh_size, sizeof(text));
      const long n = raw_syscall(SYS_pread64, fd, reinterpret_cast<long>(text), static_cast<long>(size),
                                 static_cast<long>(section.sh_offset));
      only_gcc = n > 0 && section.sh_size <= sizeof(text);
      bool at_start = true;
      for (long at = 0; at < n; ++at) {
        if (at_start && text[at] != 0)
          only_gcc = only_gcc && n - at > 4 && std::memcmp(text + at, "GCC:", 4) == 0;
        at_start = text[at] == 0;
      }
    }
  }
  kernel::close(fd);
  return found && only_gcc;
}

}  // namespace

bool CodeMap::prepare() {
  if (sites_ != nullptr) return true;
  const size_t size = kMostSites * sizeof(Site) + kMostFunctions * sizeof(Function);
  void* memory =
      kernel::map(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  if (memory == nullptr) return false;
  sites_ = static_cast<Site*>(memory);
  functions_ = reinterpret_cast<Function*>(sites_ + kMostSites);
  return true;
}

bool CodeMap::look(uint64_t& random) {
  {
    CriticalSection section;
    refresh_modules();
  }
  const uint32_t before = module_count_;
  for (uint32_t i = 0; i < runtime.header().module_count; ++i) {
    const record::ModuleRecord& module = runtime.modules()[i];
    if (module.path[0] != '/' || module_at(module.start) != nullptr) continue;
    dl_find_object object;
    if (_dl_find_object(reinterpret_cast<void*>(module.start), &object) != 0) continue;
    take_module(reinterpret_cast<uint64_t>(object.dlfo_map_start),
                reinterpret_cast<uint64_t>(object.dlfo_map_end),
                reinterpret_cast<uint64_t>(object.dlfo_eh_frame), module.path, random);
  }
  if (module_count_ == before) return false;
  sort_sites();
  return true;
}

void CodeMap::take_module(uint64_t start, uint64_t end, uint64_t table, const char* path, uint64_t& random) {
  if (module_count_ == kMostModules) return;
  Module& module = modules_[module_count_++];
  module = {start, end, is_foreign_name(base_name(path)), false, function_count_, 0};
  take_functions(module, table, start, end);
  if (module.is_foreign) return;
  module.is_gcc = is_made_by_gcc(path);
  for (uint32_t i = 0; i < module.function_count; ++i)
    take_sites(functions_[module.first_function + i], random);
}

// .eh_frame_hdr with the usual encodings: a table, sorted by function, of offsets from its own beginning.
void CodeMap::take_functions(Module& module, uint64_t table, uint64_t code_start, uint64_t code_end) {
  struct Head {
    uint8_t version, frame_encoding, count_encoding, table_encoding;
    int32_t frame;
    uint32_t count;
  } head;
  struct Entry {
    int32_t function;
    int32_t frame;
  };
  constexpr uint8_t kRelativeToTable = 0x3b;
  constexpr uint8_t kUnsigned4 = 0x03;
  if (table == 0 || !kernel::peek(table, &head, sizeof(head)) || head.version != 1 ||
      head.count_encoding != kUnsigned4 || head.table_encoding != kRelativeToTable)
    return;
  constexpr uint32_t kBatch = 128;
  Entry entries[kBatch];
  for (uint32_t done = 0; done < head.count; done += kBatch) {
    const uint32_t count = std::min(kBatch, head.count - done);
    if (!kernel::peek(table + sizeof(head) + done * sizeof(Entry), entries, count * sizeof(Entry))) break;
    for (uint32_t i = 0; i < count && function_count_ < kMostFunctions; ++i) {
      // Length, common part, where the function begins (checked against the table), its size.
      struct Frame {
        uint32_t length, common;
        int32_t start;
        uint32_t size;
      } frame;
      const uint64_t at = table + static_cast<uint64_t>(int64_t{entries[i].frame});
      const uint64_t start = table + static_cast<uint64_t>(int64_t{entries[i].function});
      if (!kernel::peek(at, &frame, sizeof(frame)) ||
          at + 8 + static_cast<uint64_t>(int64_t{frame.start}) != start)
        continue;
      if (frame.size == 0 || frame.size > kLongestFunction || start < code_start ||
          start + frame.size > code_end)
        continue;
      functions_[function_count_++] = {start, start + frame.size};
      ++module.function_count;
    }
  }
}

// Calls `each(address, form)` for the instructions up to `end`, until it returns false.
template <typename Each>
void CodeMap::walk(const Function& function, uint64_t end, Each each) const {
  uint8_t code[4096];
  uint64_t loaded = function.start;
  uint64_t loaded_end = loaded;
  end = std::min(end, function.end);
  for (uint64_t at = function.start; at < end;) {
    if (at + kLongestInstruction > loaded_end && loaded_end < function.end) {
      loaded = at;
      loaded_end = std::min(at + sizeof(code), function.end);
      if (!kernel::peek(loaded, code, loaded_end - loaded)) return;
    }
    AccessForm form;
    if (!decode_form(at, code + (at - loaded), loaded_end - at, form)) return;
    if (!each(at, form)) return;
    at += form.length;
  }
}

void CodeMap::take_sites(const Function& function, uint64_t& random) {
  walk(function, function.end, [&](uint64_t address, const AccessForm& form) {
    if (is_site(form)) add_site(address, form, random);
    return true;
  });
}

// Beyond the room, each that comes takes somebody's place with the chance that makes all equal.
void CodeMap::add_site(uint64_t address, const AccessForm& form, uint64_t& random) {
  const uint64_t number = seen_sites_++;
  uint64_t place = number;
  if (site_count_ < kMostSites) {
    place = site_count_++;
  } else {
    ++left_out_;
    place = next_random(random) % (number + 1);
    if (place >= kMostSites) return;
  }
  sites_[place] = {};
  sites_[place].address = address;
  sites_[place].is_global = form.base == kNoRegister && form.index == kNoRegister;
}

void CodeMap::sort_sites() {
  std::sort(sites_, sites_ + site_count_,
            [](const Site& one, const Site& other) { return one.address < other.address; });
}

uint32_t CodeMap::find(uint64_t address) const {
  const Site* begin = sites_;
  const Site* end = begin + site_count_;
  const Site* found = std::lower_bound(
      begin, end, address, [](const Site& site, uint64_t wanted) { return site.address < wanted; });
  return found != end && found->address == address ? static_cast<uint32_t>(found - begin) : UINT32_MAX;
}

const CodeMap::Module* CodeMap::module_at(uint64_t address) const {
  for (uint32_t i = 0; i < module_count_; ++i)
    if (address >= modules_[i].start && address < modules_[i].end) return &modules_[i];
  return nullptr;
}

const Function* CodeMap::function_at(uint64_t address) const {
  const Module* module = module_at(address);
  if (module == nullptr || module->function_count == 0) return nullptr;
  const Function* begin = functions_ + module->first_function;
  const Function* after =
      std::upper_bound(begin, begin + module->function_count, address,
                       [](uint64_t wanted, const Function& function) { return wanted < function.start; });
  if (after == begin) return nullptr;
  const Function* found = after - 1;
  return address < found->end ? found : nullptr;
}

bool CodeMap::form_at(uint64_t address, AccessForm& out) const {
  uint8_t code[kLongestInstruction];
  for (size_t size = kLongestInstruction; size >= 1; size = size > 8 ? 8 : size / 2)
    if (kernel::peek(address, code, size)) return decode_form(address, code, size, out);
  return false;
}

bool CodeMap::form_before(uint64_t next, AccessForm& out, uint64_t& address) const {
  const Function* function = next == 0 ? nullptr : function_at(next - 1);
  if (function == nullptr) return false;
  bool found = false;
  walk(*function, next, [&](uint64_t at, const AccessForm& form) {
    if (at + form.length == next) {
      out = form;
      address = at;
      found = true;
    }
    return true;
  });
  return found;
}

bool CodeMap::stores_what_it_loaded(uint64_t address, const AccessForm& store) const {
  const Function* function = function_at(address);
  if (function == nullptr || !store.is_move || store.access != record::RaceAccess::kWrite) return false;
  constexpr uint32_t kNear = 8;
  uint32_t since = UINT32_MAX;
  walk(*function, address, [&](uint64_t, const AccessForm& form) {
    if (since != UINT32_MAX) ++since;
    if (form.is_branch) since = UINT32_MAX;
    if (form.access == record::RaceAccess::kRead && form.is_move && names_the_same(form, store)) since = 0;
    return true;
  });
  return since <= kNear;
}

bool CodeMap::is_gcc(uint64_t address) const {
  const Module* module = module_at(address);
  return module != nullptr && module->is_gcc;
}

bool CodeMap::is_foreign(uint64_t address) const {
  const Module* module = module_at(address);
  return module != nullptr && module->is_foreign;
}

}  // namespace gordian::hooks::races
