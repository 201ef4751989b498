#include "runtime-hooks/race-sampler/code_map.h"

#include <dlfcn.h>
#include <link.h>

#include <algorithm>
#include <cstring>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/modules.h"
#include "runtime-hooks/race-sampler/module_file.h"

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

// Those of them that put the accesses of threads in order.
bool orders_threads(const char* name) {
  static constexpr const char* kBeginnings[] = {"libgomp", "libatomic", "libtsan", "libc++"};
  return std::any_of(std::begin(kBeginnings), std::end(kBeginnings), [&](const char* beginning) {
    return std::strncmp(name, beginning, std::strlen(beginning)) == 0;
  });
}

}  // namespace

bool CodeMap::prepare() {
  if (sites_ != nullptr) return true;
  const size_t size = kMostSites * sizeof(Site);
  void* memory =
      kernel::map(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
  if (memory == nullptr) return false;
  sites_ = static_cast<Site*>(memory);
  return true;
}

void CodeMap::look() {
  {
    CriticalSection section;
    refresh_modules();
  }
  for (uint32_t i = 0; i < runtime.header().module_count; ++i) {
    const record::ModuleRecord& module = runtime.modules()[i];
    if (module.path[0] != '/' || module_at(module.start) != nullptr) continue;
    dl_find_object object;
    if (_dl_find_object(reinterpret_cast<void*>(module.start), &object) != 0) continue;
    take_module(reinterpret_cast<uint64_t>(object.dlfo_map_start),
                reinterpret_cast<uint64_t>(object.dlfo_map_end),
                reinterpret_cast<uint64_t>(object.dlfo_eh_frame), module.path);
  }
}

// .eh_frame_hdr with the usual encodings: a table, sorted by function, of offsets from its own beginning.
void CodeMap::take_module(uint64_t start, uint64_t end, uint64_t table, const char* path) {
  struct Head {
    uint8_t version, frame_encoding, count_encoding, table_encoding;
    int32_t frame;
    uint32_t count;
  } head;
  constexpr uint8_t kRelativeToTable = 0x3b;
  constexpr uint8_t kUnsigned4 = 0x03;
  if (module_count_ == kMostModules) {
    has_unread_code_ = true;
    return;
  }
  const bool is_known = table != 0 && kernel::peek(table, &head, sizeof(head)) && head.version == 1 &&
                        head.count_encoding == kUnsigned4 && head.table_encoding == kRelativeToTable;
  const bool is_foreign = is_foreign_name(base_name(path));
  has_atomics_ = has_atomics_ || orders_threads(base_name(path));
  has_unread_code_ = has_unread_code_ || (!is_known && !is_foreign);
  modules_[module_count_++] = {
      start, end, table, is_known ? head.count : 0, is_foreign, is_made_by_gcc(path)};
}

bool CodeMap::function_in(const Module& module, uint32_t index, Function& out) const {
  struct Entry {
    int32_t function;
    int32_t frame;
  } entry;
  // Length, common part, where the function begins (checked against the table), its size.
  struct Frame {
    uint32_t length, common;
    int32_t start;
    uint32_t size;
  } frame;
  constexpr uint32_t kHead = 12;
  if (!kernel::peek(module.table + kHead + uint64_t{index} * sizeof(entry), &entry, sizeof(entry)))
    return false;
  const uint64_t at = module.table + static_cast<uint64_t>(int64_t{entry.frame});
  out.start = module.table + static_cast<uint64_t>(int64_t{entry.function});
  out.end = out.start;
  if (!kernel::peek(at, &frame, sizeof(frame)) ||
      at + 8 + static_cast<uint64_t>(int64_t{frame.start}) != out.start)
    return true;
  const bool is_plausible =
      frame.size <= kLongestFunction && out.start >= module.start && out.start + frame.size <= module.end;
  if (is_plausible) out.end = out.start + frame.size;
  return true;
}

// A few at a time: somebody may be held meanwhile.
bool CodeMap::take_more(uint64_t& random) {
  constexpr uint32_t kFew = 16;
  const uint64_t left_out = left_out_;
  const uint32_t before = site_count_;
  for (uint32_t done = 0; done < kFew && has_more(); ++done) {
    const Module& module = modules_[next_module_];
    Function function;
    if (module.is_foreign || next_function_ >= module.function_count) {
      ++next_module_;
      next_function_ = 0;
    } else if (function_in(module, next_function_++, function)) {
      take_sites(function, random);
    }
  }
  const auto by_address = [](const Site& one, const Site& other) { return one.address < other.address; };
  const bool is_sorted = left_out == left_out_ && std::is_sorted(sites_ + (before != 0 ? before - 1 : 0),
                                                                 sites_ + site_count_, by_address);
  if (!is_sorted) std::sort(sites_, sites_ + site_count_, by_address);
  return !is_sorted;
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
    has_atomics_ = has_atomics_ || form.is_locked || form.is_fence;
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

uint32_t CodeMap::first_from(uint64_t address) const {
  const Site* begin = sites_;
  const Site* found =
      std::lower_bound(begin, begin + site_count_, address,
                       [](const Site& site, uint64_t wanted) { return site.address < wanted; });
  return static_cast<uint32_t>(found - begin);
}

uint32_t CodeMap::find(uint64_t address) const {
  const uint32_t place = first_from(address);
  return place != site_count_ && sites_[place].address == address ? place : UINT32_MAX;
}

const CodeMap::Module* CodeMap::module_at(uint64_t address) const {
  for (uint32_t i = 0; i < module_count_; ++i)
    if (address >= modules_[i].start && address < modules_[i].end) return &modules_[i];
  return nullptr;
}

bool CodeMap::function_at(uint64_t address, Function& out) const {
  const Module* module = module_at(address);
  if (module == nullptr) return false;
  uint32_t low = 0;
  uint32_t high = module->function_count;
  while (low < high) {
    const uint32_t middle = (low + high) / 2;
    if (!function_in(*module, middle, out)) return false;
    if (address < out.start)
      high = middle;
    else
      low = middle + 1;
  }
  return low != 0 && function_in(*module, low - 1, out) && address < out.end;
}

bool CodeMap::form_at(uint64_t address, AccessForm& out) const {
  uint8_t code[kLongestInstruction];
  for (size_t size = kLongestInstruction; size >= 1; size = size > 8 ? 8 : size / 2)
    if (kernel::peek(address, code, size)) return decode_form(address, code, size, out);
  return false;
}

bool CodeMap::form_before(uint64_t next, AccessForm& out, uint64_t& address) const {
  Function function;
  if (next == 0 || !function_at(next - 1, function)) return false;
  bool found = false;
  walk(function, next, [&](uint64_t at, const AccessForm& form) {
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
  Function function;
  if (!store.is_move || store.access != record::RaceAccess::kWrite || !function_at(address, function))
    return false;
  constexpr uint32_t kNear = 8;
  uint32_t since = UINT32_MAX;
  walk(function, address, [&](uint64_t, const AccessForm& form) {
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
