#include "analyzer/symbols/elf_image.h"

#include <fcntl.h>
#include <gelf.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

namespace gordian::symbols {
namespace {

// The loader maps whole pages. Files are linked for pages of 4 KiB or more; kernels with larger pages still
// map offsets and addresses that are equal modulo the larger page, so rounding to 4 KiB finds the same bias.
constexpr uint64_t kPage = 4096;

uint64_t page_of(uint64_t value) {
  return value & ~(kPage - 1);
}

}  // namespace

std::unique_ptr<ElfImage> ElfImage::open(const std::string& path, std::string* problem) {
  const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (descriptor < 0) {
    *problem = std::strerror(errno);
    return nullptr;
  }
  struct stat status {};
  if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
    *problem = "not a regular file";
    close(descriptor);
    return nullptr;
  }
  elf_version(EV_CURRENT);
  Elf* elf = elf_begin(descriptor, ELF_C_READ, nullptr);
  if (elf == nullptr) {
    *problem = elf_errmsg(-1);
    close(descriptor);
    return nullptr;
  }
  std::unique_ptr<ElfImage> image(new ElfImage(descriptor, elf));
  if (!image->read_headers(problem)) return nullptr;
  image->read_build_id();
  return image;
}

ElfImage::~ElfImage() {
  elf_end(elf_);
  close(descriptor_);
}

bool ElfImage::read_headers(std::string* problem) {
  GElf_Ehdr header;
  if (elf_kind(elf_) != ELF_K_ELF || gelf_getehdr(elf_, &header) == nullptr) {
    *problem = "not an ELF file";
    return false;
  }
  if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
    *problem = "neither a program nor a shared library";
    return false;
  }
  machine_ = header.e_machine;
  size_t count = 0;
  if (elf_getphdrnum(elf_, &count) != 0) count = 0;
  for (size_t i = 0; i < count; ++i) {
    GElf_Phdr program;
    if (gelf_getphdr(elf_, static_cast<int>(i), &program) == nullptr) break;
    if (program.p_type != PT_LOAD || program.p_memsz == 0) continue;
    const uint64_t limit = std::numeric_limits<uint64_t>::max();
    if (program.p_vaddr > limit - program.p_memsz || program.p_offset > limit - program.p_filesz) continue;
    segments_.push_back({program.p_vaddr, program.p_memsz, program.p_offset, program.p_filesz});
  }
  if (segments_.empty()) {
    *problem = "no loadable segment (truncated or damaged)";
    return false;
  }
  return true;
}

void ElfImage::read_build_id() {
  size_t count = 0;
  if (elf_getphdrnum(elf_, &count) != 0) return;
  for (size_t i = 0; i < count; ++i) {
    GElf_Phdr program;
    if (gelf_getphdr(elf_, static_cast<int>(i), &program) == nullptr) return;
    if (program.p_type != PT_NOTE) continue;
    Elf_Data* data = elf_getdata_rawchunk(elf_, static_cast<int64_t>(program.p_offset), program.p_filesz,
                                          program.p_align == 8 ? ELF_T_NHDR8 : ELF_T_NHDR);
    if (data == nullptr) continue;
    GElf_Nhdr note;
    size_t name_at = 0;
    size_t description_at = 0;
    for (size_t at = 0; (at = gelf_getnote(data, at, &note, &name_at, &description_at)) > 0;) {
      const auto* bytes = static_cast<const uint8_t*>(data->d_buf);
      if (note.n_type != NT_GNU_BUILD_ID || note.n_namesz != 4) continue;
      if (std::memcmp(bytes + name_at, "GNU", 4) != 0) continue;
      build_id_.assign(bytes + description_at, bytes + description_at + note.n_descsz);
      return;
    }
  }
}

uint64_t ElfImage::end_address() const {
  uint64_t end = 0;
  for (const Segment& segment : segments_) end = std::max(end, segment.address + segment.memory_size);
  return end;
}

std::vector<uint64_t> ElfImage::possible_biases(uint64_t start, uint64_t file_offset) const {
  std::vector<uint64_t> biases;
  for (const Segment& segment : segments_) {
    const uint64_t first = page_of(segment.file_offset);
    if (file_offset < first || file_offset >= segment.file_offset + segment.file_size) continue;
    const uint64_t bias = start - (page_of(segment.address) + (file_offset - first));
    if (std::find(biases.begin(), biases.end(), bias) == biases.end()) biases.push_back(bias);
  }
  return biases;
}

size_t ElfImage::read(uint64_t address, void* buffer, size_t size) const {
  for (const Segment& segment : segments_) {
    if (address < segment.address || address - segment.address >= segment.file_size) continue;
    const uint64_t skipped = address - segment.address;
    const size_t available = static_cast<size_t>(std::min<uint64_t>(size, segment.file_size - skipped));
    const uint64_t offset = segment.file_offset + skipped;
    if (offset > static_cast<uint64_t>(std::numeric_limits<off_t>::max())) return 0;
    const ssize_t got = pread(descriptor_, buffer, available, static_cast<off_t>(offset));
    return got < 0 ? 0 : static_cast<size_t>(got);
  }
  return 0;
}

std::optional<uint64_t> ElfImage::symbol(std::string_view name) const {
  for (Elf_Scn* section = nullptr; (section = elf_nextscn(elf_, section)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(section, &header) == nullptr || header.sh_entsize == 0) continue;
    if (header.sh_type != SHT_DYNSYM && header.sh_type != SHT_SYMTAB) continue;
    Elf_Data* data = elf_getdata(section, nullptr);
    if (data == nullptr) continue;
    const uint64_t count =
        std::min<uint64_t>(data->d_size / header.sh_entsize, std::numeric_limits<int>::max());
    for (uint64_t i = 0; i < count; ++i) {
      GElf_Sym entry;
      if (gelf_getsym(data, static_cast<int>(i), &entry) == nullptr) break;
      if (entry.st_shndx == SHN_UNDEF) continue;
      const char* text = elf_strptr(elf_, header.sh_link, entry.st_name);
      if (text != nullptr && name == text) return entry.st_value;
    }
  }
  return std::nullopt;
}

std::string hexadecimal(const std::vector<uint8_t>& bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

}  // namespace gordian::symbols
