#include "analyzer/capture/process/core_file.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/procfs.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <limits>

#include "analyzer/capture/process/inspect_error.h"
#include "analyzer/capture/process/registers.h"

namespace gordian::capture {
namespace {

constexpr uint64_t kMostNotes = uint64_t{256} << 20;  // a thread takes some 3 KiB
constexpr size_t kMostThreads = 1u << 20;

constexpr uint64_t aligned(uint64_t size) {
  return (size + 3) & ~uint64_t{3};
}

std::string machine_name(uint16_t machine) {
  switch (machine) {
    case EM_X86_64:
      return "x86-64";
    case EM_AARCH64:
      return "AArch64";
    case EM_386:
      return "32-bit x86";
    case EM_ARM:
      return "32-bit Arm";
    case EM_RISCV:
      return "RISC-V";
    case EM_PPC64:
      return "64-bit PowerPC";
    case EM_S390:
      return "S/390";
    default:
      return fmt::format("a processor of ELF number {}", machine);
  }
}

template <size_t size>
std::string bounded(const char (&text)[size]) {
  return {text, ::strnlen(text, size)};
}

}  // namespace

CoreFile::CoreFile(const std::string& path)
    : descriptor_(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {
  if (descriptor_ < 0) throw InspectError(fmt::format("{} cannot be opened: {}", path, std::strerror(errno)));
  try {
    struct stat status {};
    if (::fstat(descriptor_, &status) != 0 || !S_ISREG(status.st_mode))
      throw InspectError(fmt::format("{} is not a regular file; give a core, uncompressed", path));
    size_ = static_cast<uint64_t>(status.st_size);
    read_headers(path);
  } catch (...) {
    ::close(descriptor_);
    throw;
  }
}

CoreFile::~CoreFile() {
  ::close(descriptor_);
}

bool CoreFile::read_at(uint64_t offset, void* buffer, size_t size) const {
  if (offset > size_ || size > size_ - offset) return false;
  return ::pread(descriptor_, buffer, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
}

void CoreFile::read_headers(const std::string& path) {
  Elf64_Ehdr header;
  const auto refuse_cut_off = [&] {
    return InspectError(
        fmt::format("{} is cut off after {} bytes, before what it says of its threads; raise ulimit -c, look "
                    "at the disk, and take it again",
                    path, size_));
  };
  unsigned char identity[EI_NIDENT];
  if (!read_at(0, identity, sizeof identity) || std::memcmp(identity, ELFMAG, SELFMAG) != 0)
    throw InspectError(fmt::format("{} is no core file; give one as the kernel or gcore wrote it", path));
  if (identity[EI_CLASS] != ELFCLASS64)
    throw InspectError(
        fmt::format("{} is the core of a 32-bit program; only 64-bit programs are read", path));
  if (!read_at(0, &header, sizeof header)) throw refuse_cut_off();
  if (identity[EI_DATA] != ELFDATA2LSB || header.e_machine != kMachine)
    throw InspectError(fmt::format("{} is a core of {}; inspect it with a gordian built for that", path,
                                   machine_name(header.e_machine)));
  if (header.e_type != ET_CORE) throw InspectError(fmt::format("{} is an ELF file, but no core", path));
  if (header.e_phentsize != sizeof(Elf64_Phdr)) throw refuse_cut_off();

  uint64_t count = header.e_phnum;
  if (count == PN_XNUM) {  // more than fit: the first section header has the number
    Elf64_Shdr first;
    if (!read_at(header.e_shoff, &first, sizeof first)) throw refuse_cut_off();
    count = first.sh_info;
  }
  std::vector<Elf64_Phdr> notes;
  for (uint64_t i = 0; i < count; ++i) {
    Elf64_Phdr program;
    if (!read_at(header.e_phoff + i * sizeof program, &program, sizeof program)) throw refuse_cut_off();
    if (program.p_type == PT_NOTE) notes.push_back(program);
    if (program.p_type != PT_LOAD || program.p_memsz == 0) continue;
    if (program.p_vaddr > std::numeric_limits<uint64_t>::max() - program.p_memsz) continue;
    const uint64_t wanted = std::min(program.p_filesz, program.p_memsz);
    const uint64_t there = program.p_offset >= size_ ? 0 : std::min(wanted, size_ - program.p_offset);
    missing_bytes_ += wanted - there;
    segments_.push_back({program.p_vaddr, program.p_memsz, program.p_offset, there});
  }
  for (const Elf64_Phdr& note : notes) {
    if (note.p_offset > size_ || note.p_filesz > size_ - note.p_offset) throw refuse_cut_off();
    read_notes(path, note.p_offset, note.p_filesz);
  }
  std::sort(
      segments_.begin(), segments_.end(),
      [](const symbols::Segment& one, const symbols::Segment& other) { return one.address < other.address; });
  if (threads_.empty())
    throw InspectError(fmt::format("{} names no thread; is it a core of a program?", path));
}

void CoreFile::read_notes(const std::string& path, uint64_t offset, uint64_t size) {
  if (size > kMostNotes)
    throw InspectError(fmt::format("{} has {} bytes of notes; is it damaged?", path, size));
  std::vector<unsigned char> bytes(size);
  if (!read_at(offset, bytes.data(), bytes.size())) return;
  for (uint64_t at = 0; size - at >= sizeof(Elf64_Nhdr);) {
    Elf64_Nhdr note;
    std::memcpy(&note, bytes.data() + at, sizeof note);
    at += sizeof note;
    const uint64_t description = at + aligned(note.n_namesz);
    const uint64_t end = description + aligned(note.n_descsz);
    if (description > size || note.n_descsz > size - description) return;
    const bool is_core = note.n_namesz == 5 && std::memcmp(bytes.data() + at, "CORE", 5) == 0;
    if (is_core) take_note(note.n_type, bytes.data() + description, note.n_descsz);
    if (end > size) return;
    at = end;
  }
}

void CoreFile::take_note(uint32_t type, const unsigned char* description, size_t size) {
  if (type == NT_PRSTATUS && size >= sizeof(elf_prstatus) && threads_.size() < kMostThreads) {
    elf_prstatus status;
    std::memcpy(&status, description, sizeof status);
    CoreThread& thread = threads_.emplace_back();
    thread.tid = static_cast<uint32_t>(status.pr_pid);
    thread.signal = status.pr_cursig;
    const auto* registers = reinterpret_cast<const unsigned char*>(&status.pr_reg);
    thread.general.assign(registers, registers + sizeof status.pr_reg);
  } else if (type == NT_PRPSINFO && size >= sizeof(elf_prpsinfo)) {
    elf_prpsinfo program;
    std::memcpy(&program, description, sizeof program);
    pid_ = static_cast<uint32_t>(program.pr_pid);
    name_ = bounded(program.pr_fname);
    arguments_ = bounded(program.pr_psargs);
  } else if (type == NT_AUXV) {
    for (size_t at = 0; size - at >= sizeof(Elf64_auxv_t); at += sizeof(Elf64_auxv_t)) {
      Elf64_auxv_t entry;
      std::memcpy(&entry, description + at, sizeof entry);
      if (entry.a_type == AT_PHDR) program_headers_ = entry.a_un.a_val;
    }
  } else if (type == NT_FILE) {
    take_files(description, size);
  }
}

// Count and page size, then start, end and page of each mapping, then the names.
void CoreFile::take_files(const unsigned char* description, size_t size) {
  const auto word = [&](size_t index) {
    uint64_t value = 0;
    if (index < size / 8) std::memcpy(&value, description + index * 8, 8);
    return value;
  };
  const uint64_t count = word(0);
  const uint64_t page = word(1);
  if (size < 16 || count > (size - 16) / 24) return;
  size_t name = 16 + count * 24;
  for (uint64_t i = 0; i < count && name < size; ++i) {
    const auto* text = reinterpret_cast<const char*>(description + name);
    const size_t length = ::strnlen(text, size - name);
    CoreMapping mapping{word(2 + i * 3), word(3 + i * 3), word(4 + i * 3) * page, std::string(text, length)};
    name += length + 1;
    if (mapping.start < mapping.end) mappings_.push_back(std::move(mapping));
  }
}

size_t CoreFile::read(uint64_t address, void* buffer, size_t size) const {
  auto after =
      std::upper_bound(segments_.begin(), segments_.end(), address,
                       [](uint64_t value, const symbols::Segment& each) { return value < each.address; });
  if (after == segments_.begin()) return 0;
  const symbols::Segment& segment = *std::prev(after);
  const uint64_t skipped = address - segment.address;
  if (skipped >= segment.file_size) return 0;
  const size_t part = static_cast<size_t>(std::min<uint64_t>(size, segment.file_size - skipped));
  return read_at(segment.file_offset + skipped, buffer, part) ? part : 0;
}

}  // namespace gordian::capture
