#include "runtime-hooks/race-runtime/near.h"

#include <dlfcn.h>
#include <link.h>

#include "runtime-hooks/kernel.h"
#include "runtime-hooks/race-runtime/access.h"

// The linker's: the section, and where this library is mapped.
extern "C" [[gnu::visibility("hidden")]] const char __start_gordian_near[];
extern "C" [[gnu::visibility("hidden")]] const char __stop_gordian_near[];
extern "C" [[gnu::visibility("hidden")]] const char __ehdr_start;

namespace gordian::hooks::races {

constinit const Far far{access_slowly, access_split, enter_slowly, leave_slowly};

namespace {

constexpr uint64_t kFarAway = uint64_t{1} << 31;

struct Range {
  uint64_t low;
  uint64_t high;
  bool has(uint64_t address) const { return address >= low && address < high; }
  Range pages() const { return {low & ~(kPageSize - 1), (high + kPageSize - 1) & ~(kPageSize - 1)}; }
  bool protect(int protection) const {
    return raw_syscall(SYS_mprotect, static_cast<long>(low), static_cast<long>(high - low), protection) == 0;
  }
};

uint64_t number(const void* place) {
  return reinterpret_cast<uint64_t>(place);
}

Range callbacks() {
  return {number(__start_gordian_near), number(__stop_gordian_near)};
}

// What is of interest of a loaded file.
struct Image {
  uint64_t base = 0;
  Range whole{~uint64_t{0}, 0};
  Range relocated_once{};  // read-only when all is relocated
  const ElfW(Dyn) * dynamic = nullptr;
};

Image image_of(const dl_phdr_info& info) {
  Image image;
  image.base = info.dlpi_addr;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const auto& part = info.dlpi_phdr[i];
    const Range range{image.base + part.p_vaddr, image.base + part.p_vaddr + part.p_memsz};
    if (part.p_type == PT_LOAD) {
      if (range.low < image.whole.low) image.whole.low = range.low;
      if (range.high > image.whole.high) image.whole.high = range.high;
    }
    // The last page is not whole, and stays as it was.
    if (part.p_type == PT_GNU_RELRO)
      image.relocated_once = {range.pages().low, range.high & ~(kPageSize - 1)};
    if (part.p_type == PT_DYNAMIC) image.dynamic = reinterpret_cast<const ElfW(Dyn)*>(range.low);
  }
  return image;
}

struct Images {
  Image program;
  Image library;
  bool begun = false;
};

int take_image(dl_phdr_info* info, size_t, void* out) {
  auto& images = *static_cast<Images*>(out);
  if (!images.begun) images.program = image_of(*info);  // the first is the program
  images.begun = true;
  if (info->dlpi_addr == number(&__ehdr_start)) images.library = image_of(*info);
  return images.library.base != 0 ? 1 : 0;
}

// The distance from the section to its copy; 0: there is none.
uint64_t copy_to(const Image& program, const Image& library) {
  const Range code = callbacks().pages();
  const Range data = library.relocated_once;
  if (data.low < code.high) return 0;
  const uint64_t size = data.high - code.low;
  constexpr int kFixedIfFree = 0x100000;  // MAP_FIXED_NOREPLACE
  // Below the program, where nothing grows.
  const uint64_t wanted = (program.whole.low & ~(kPageSize - 1)) - size - kPageSize;
  if (wanted > program.whole.low) return 0;
  void* mapped = kernel::map(reinterpret_cast<void*>(wanted), size, PROT_NONE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | kFixedIfFree, -1);
  if (mapped == nullptr) return 0;
  const uint64_t distance = number(mapped) - code.low;
  const Range code_copy{code.low + distance, code.high + distance};
  const Range data_copy{data.low + distance, data.high + distance};
  bool is_done = number(mapped) == wanted && code_copy.protect(PROT_READ | PROT_WRITE) &&
                 data_copy.protect(PROT_READ | PROT_WRITE);
  if (is_done) {
    __builtin_memcpy(mapped, reinterpret_cast<void*>(code.low), code.high - code.low);
    __builtin_memcpy(reinterpret_cast<void*>(data_copy.low), reinterpret_cast<void*>(data.low),
                     data.high - data.low);
    __builtin___clear_cache(reinterpret_cast<char*>(code_copy.low), reinterpret_cast<char*>(code_copy.high));
    is_done = code_copy.protect(PROT_READ | PROT_EXEC) && data_copy.protect(PROT_READ);
  }
  if (is_done) return distance;
  kernel::unmap(mapped, size);
  return 0;
}

struct Calls {
  const ElfW(Rela) * table = nullptr;
  uint64_t size = 0;
};

class Program {
 public:
  explicit Program(const Image& image) : image_(image) {
    for (const ElfW(Dyn)* entry = image.dynamic; entry != nullptr && entry->d_tag != DT_NULL; ++entry) {
      switch (entry->d_tag) {
        case DT_SYMTAB:
          symbols_ = at<ElfW(Sym)>(entry);
          break;
        case DT_STRTAB:
          names_ = at<char>(entry);
          break;
        case DT_JMPREL:
          calls_[0].table = at<ElfW(Rela)>(entry);
          break;
        case DT_PLTRELSZ:
          calls_[0].size = entry->d_un.d_val;
          break;
        case DT_RELA:
          calls_[1].table = at<ElfW(Rela)>(entry);
          break;
        case DT_RELASZ:
          calls_[1].size = entry->d_un.d_val;
          break;
        default:
          break;
      }
    }
  }

  void lead(uint64_t distance) const {
    if (symbols_ == nullptr || names_ == nullptr) return;
    const Range constant = image_.relocated_once;
    if (constant.high > constant.low && !constant.protect(PROT_READ | PROT_WRITE)) return;
    for (const Calls& calls : calls_)
      for (uint64_t i = 0; calls.table != nullptr && i < calls.size / sizeof(ElfW(Rela)); ++i)
        lead(calls.table[i], distance);
    if (constant.high > constant.low) constant.protect(PROT_READ);
  }

 private:
  // The dynamic section is relocated in place, or not.
  template <typename Type>
  const Type* at(const ElfW(Dyn) * entry) const {
    const uint64_t value = entry->d_un.d_ptr;
    return reinterpret_cast<const Type*>(value + (value < image_.base ? image_.base : 0));
  }

  void lead(const ElfW(Rela) & call, uint64_t distance) const {
    const uint64_t symbol = call.r_info >> 32;
    if (symbol == 0 || (!is_slot(call.r_info & 0xffffffff))) return;
    const char* name = names_ + symbols_[symbol].st_name;
    if (__builtin_strncmp(name, "__tsan_", 7) != 0) return;
    // It may not have been called yet, and then the slot says nothing.
    const uint64_t called = number(dlsym(RTLD_DEFAULT, name));
    if (!callbacks().has(called)) return;
    *reinterpret_cast<uint64_t*>(image_.base + call.r_offset) = called + distance;
  }

  static bool is_slot(uint64_t type) {
#if defined(__x86_64__)
    return type == R_X86_64_JUMP_SLOT || type == R_X86_64_GLOB_DAT;
#else
    return type == R_AARCH64_JUMP_SLOT || type == R_AARCH64_GLOB_DAT;
#endif
  }

  Image image_;
  const ElfW(Sym) * symbols_ = nullptr;
  const char* names_ = nullptr;
  Calls calls_[2];
};

constinit bool is_brought = false;

}  // namespace

void bring_near() {
  if (kTracing || is_brought) return;  // with a trace, the callbacks reach further than that
  is_brought = true;
  Images images;
  dl_iterate_phdr(take_image, &images);
  const Image& program = images.program;
  const Image& library = images.library;
  if (library.base == 0 || program.dynamic == nullptr) return;
  if (library.base - program.whole.low < kFarAway || library.base < program.whole.low) return;
  const uint64_t distance = copy_to(program, library);
  if (distance != 0) Program(program).lead(distance);
}

}  // namespace gordian::hooks::races
