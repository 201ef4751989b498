#include "runtime-hooks/race-sampler/module_file.h"

#include <elf.h>

#include <algorithm>
#include <cstring>

#include "runtime-hooks/kernel.h"

namespace gordian::hooks::races {

namespace {

class ElfFile {
 public:
  explicit ElfFile(const char* path) : fd_(kernel::open(path, O_RDONLY)) {
    is_good_ = fd_ >= 0 && read(0, header_) && std::memcmp(header_.e_ident, ELFMAG, SELFMAG) == 0 &&
               header_.e_ident[EI_CLASS] == ELFCLASS64 && header_.e_shoff != 0 &&
               header_.e_shentsize == sizeof(Elf64_Shdr) && section(header_.e_shstrndx, names_);
  }
  ~ElfFile() {
    if (fd_ >= 0) kernel::close(fd_);
  }
  ElfFile(const ElfFile&) = delete;

  uint32_t section_count() const { return is_good_ ? header_.e_shnum : 0; }
  bool section(uint32_t index, Elf64_Shdr& out) const {
    return read(header_.e_shoff + uint64_t{index} * sizeof(out), out);
  }
  // A name that is longer is cut.
  template <size_t kSize>
  void name(uint64_t offset, char (&out)[kSize]) const {
    std::memset(out, 0, kSize);
    read_bytes(offset, out, kSize - 1);
  }
  template <size_t kSize>
  void section_name(const Elf64_Shdr& section, char (&out)[kSize]) const {
    name(names_.sh_offset + section.sh_name, out);
  }
  long read_bytes(uint64_t offset, void* to, uint64_t size) const {
    return raw_syscall(SYS_pread64, fd_, reinterpret_cast<long>(to), static_cast<long>(size),
                       static_cast<long>(offset));
  }

 private:
  template <typename T>
  bool read(uint64_t offset, T& out) const {
    return read_bytes(offset, &out, sizeof(out)) == static_cast<long>(sizeof(out));
  }

  int fd_;
  bool is_good_ = false;
  Elf64_Ehdr header_ = {};
  Elf64_Shdr names_ = {};
};

template <size_t kCount>
bool begins_with_any(const char* name, const char* const (&beginnings)[kCount]) {
  return std::any_of(beginnings, beginnings + kCount, [&](const char* beginning) {
    return std::strncmp(name, beginning, std::strlen(beginning)) == 0;
  });
}

bool is_counter_section(const char* name) {
  static constexpr const char* kBeginnings[] = {"__llvm_prf_cnts", "__llvm_prf_bits", "__sancov_cntrs",
                                                "__sancov_bools"};
  return begins_with_any(name, kBeginnings);
}

bool is_counter_name(const char* name) {
  static constexpr const char* kBeginnings[] = {"__gcov", "__profc_", "__profbm_", "__llvm_gcov"};
  return begins_with_any(name, kBeginnings);
}

// A few hundred symbols at a time.
bool has_counter_symbol(const ElfFile& file, const Elf64_Shdr& symbols, const Elf64_Shdr& strings,
                        uint64_t address) {
  Elf64_Sym part[256];
  for (uint64_t at = 0; at < symbols.sh_size; at += sizeof(part)) {
    const uint64_t size = std::min<uint64_t>(sizeof(part), symbols.sh_size - at);
    if (file.read_bytes(symbols.sh_offset + at, part, size) != static_cast<long>(size)) return false;
    for (uint64_t i = 0; i < size / sizeof(part[0]); ++i) {
      const Elf64_Sym& symbol = part[i];
      if (address < symbol.st_value || address - symbol.st_value >= symbol.st_size) continue;
      char name[16];
      file.name(strings.sh_offset + symbol.st_name, name);
      return is_counter_name(name);
    }
  }
  return false;
}

// The names of all that compiled it follow one another, each with its end.
bool says_gcc_alone(const ElfFile& file, const Elf64_Shdr& comment) {
  char text[4096];
  const uint64_t size = std::min<uint64_t>(comment.sh_size, sizeof(text));
  const long n = file.read_bytes(comment.sh_offset, text, size);
  bool only_gcc = n > 0 && comment.sh_size <= sizeof(text);
  bool at_start = true;
  for (long at = 0; at < n; ++at) {
    if (at_start && text[at] != 0)
      only_gcc = only_gcc && n - at > 4 && std::memcmp(text + at, "GCC:", 4) == 0;
    at_start = text[at] == 0;
  }
  return only_gcc;
}

}  // namespace

bool is_made_by_gcc(const char* path) {
  const ElfFile file(path);
  for (uint32_t i = 0; i < file.section_count(); ++i) {
    Elf64_Shdr section;
    char name[10];
    if (!file.section(i, section)) break;
    file.section_name(section, name);
    if (std::strcmp(name, ".comment") == 0) return says_gcc_alone(file, section);
  }
  return false;
}

bool is_execution_counter(const char* path, uint64_t address) {
  const ElfFile file(path);
  for (uint32_t i = 0; i < file.section_count(); ++i) {
    Elf64_Shdr section;
    if (!file.section(i, section)) break;
    const bool is_here = (section.sh_flags & SHF_ALLOC) != 0 && (section.sh_flags & SHF_TLS) == 0 &&
                         address >= section.sh_addr && address - section.sh_addr < section.sh_size;
    char name[20];
    if (is_here) {
      file.section_name(section, name);
      if (is_counter_section(name)) return true;
    }
    Elf64_Shdr strings;
    if (section.sh_type == SHT_SYMTAB && file.section(section.sh_link, strings) &&
        has_counter_symbol(file, section, strings, address))
      return true;
  }
  return false;
}

}  // namespace gordian::hooks::races
