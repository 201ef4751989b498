#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <string_view>
#include <vector>

#include "analyzer/cli/program_check.h"

namespace gordian::cli {
namespace {

constexpr size_t kLongestInterpreter = 4096;

class File {
 public:
  explicit File(const std::string& path)
      : descriptor_(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  ~File() {
    if (descriptor_ >= 0) close(descriptor_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;

  bool read_at(uint64_t offset, void* target, size_t size) const {
    return descriptor_ >= 0 &&
           pread(descriptor_, target, size, static_cast<off_t>(offset)) == static_cast<ssize_t>(size);
  }

 private:
  int descriptor_;
};

// Only for the machine's own class: of a foreign file the first bytes say enough.
std::string read_interpreter(const File& file, const Elf64_Ehdr& header) {
  if (header.e_phentsize != sizeof(Elf64_Phdr)) return "";
  for (uint32_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    if (!file.read_at(header.e_phoff + i * sizeof segment, &segment, sizeof segment)) return "";
    if (segment.p_type != PT_INTERP) continue;
    if (segment.p_filesz == 0 || segment.p_filesz > kLongestInterpreter) return "";
    std::string interpreter(segment.p_filesz, '\0');
    if (!file.read_at(segment.p_offset, interpreter.data(), interpreter.size())) return "";
    return interpreter.c_str();  // up to the terminating NUL
  }
  return "";
}

struct Dynamic {
  std::vector<uint64_t> needed;  // places in the string table
  uint64_t strings = 0;          // its address
  uint64_t strings_size = 0;
};

constexpr uint64_t kMostDynamic = 4096;  // entries
constexpr uint64_t kMostStrings = 64u << 20;

Dynamic read_dynamic(const File& file, const Elf64_Phdr& segment) {
  Dynamic dynamic;
  for (uint64_t i = 0; i < segment.p_filesz / sizeof(Elf64_Dyn) && i < kMostDynamic; ++i) {
    Elf64_Dyn entry;
    if (!file.read_at(segment.p_offset + i * sizeof entry, &entry, sizeof entry)) break;
    if (entry.d_tag == DT_NULL) break;
    if (entry.d_tag == DT_NEEDED) dynamic.needed.push_back(entry.d_un.d_val);
    if (entry.d_tag == DT_STRTAB) dynamic.strings = entry.d_un.d_ptr;
    if (entry.d_tag == DT_STRSZ) dynamic.strings_size = entry.d_un.d_val;
  }
  return dynamic;
}

// What a program that was compiled with -fsanitize=thread has its runtime from. One that has it inside shows
// the callbacks to the libraries that it loads; one that has not, names the library.
void read_race_runtime(const File& file, const Elf64_Ehdr& header, ElfFacts& facts) {
  if (header.e_phentsize != sizeof(Elf64_Phdr)) return;
  std::vector<Elf64_Phdr> loaded;
  Dynamic dynamic;
  for (uint32_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment;
    if (!file.read_at(header.e_phoff + i * sizeof segment, &segment, sizeof segment)) return;
    if (segment.p_type == PT_LOAD) loaded.push_back(segment);
    if (segment.p_type == PT_DYNAMIC) dynamic = read_dynamic(file, segment);
  }
  for (const Elf64_Phdr& segment : loaded) {
    if (dynamic.strings < segment.p_vaddr || dynamic.strings - segment.p_vaddr >= segment.p_filesz) continue;
    if (dynamic.strings_size > kMostStrings) return;
    std::string strings(dynamic.strings_size, '\0');
    if (!file.read_at(segment.p_offset + (dynamic.strings - segment.p_vaddr), strings.data(), strings.size()))
      return;
    for (const uint64_t place : dynamic.needed)
      if (place < strings.size() && std::string_view(strings.c_str() + place) == "libtsan.so.2")
        facts.needs_race_runtime = true;
    using namespace std::string_view_literals;
    const bool has_callbacks = strings.find("\0__tsan_init\0"sv) != std::string::npos;
    facts.has_race_runtime = has_callbacks && !facts.needs_race_runtime && facts.type != ET_CORE;
    return;
  }
}

}  // namespace

std::optional<ElfFacts> read_elf(const std::string& path) {
  const File file(path);
  // The first 20 bytes are laid out alike in both classes.
  std::array<unsigned char, 20> start{};
  if (!file.read_at(0, start.data(), start.size()) || std::memcmp(start.data(), ELFMAG, SELFMAG) != 0) {
    return std::nullopt;
  }
  ElfFacts facts{.elf_class = start[EI_CLASS], .byte_order = start[EI_DATA]};
  const bool is_big = facts.byte_order == ELFDATA2MSB;
  auto half = [&](size_t at) {
    return static_cast<uint16_t>(is_big ? start[at] << 8 | start[at + 1] : start[at + 1] << 8 | start[at]);
  };
  facts.type = half(16);
  facts.machine = half(18);
  Elf64_Ehdr header{};
  if (facts.elf_class == ELFCLASS64 && !is_big && file.read_at(0, &header, sizeof header)) {
    facts.interpreter = read_interpreter(file, header);
    read_race_runtime(file, header, facts);
  }
  return facts;
}

}  // namespace gordian::cli
