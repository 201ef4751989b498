#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstring>

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
  }
  return facts;
}

}  // namespace gordian::cli
