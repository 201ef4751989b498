#include "runtime-hooks/modules.h"

#include <elf.h>

#include <cstring>

#include "runtime-hooks/trace.h"

namespace gordian::hooks {

using record::ModuleRecord;

namespace {

struct Mapping {
  uint64_t start;
  uint64_t end;
  uint64_t offset;
  bool executable;
  bool shared;
  const char* path;
  size_t path_size;
};

const char* parse_hex(const char* text, uint64_t& out) {
  out = 0;
  for (;; ++text) {
    const char c = *text;
    if (c >= '0' && c <= '9')
      out = out << 4 | static_cast<uint64_t>(c - '0');
    else if (c >= 'a' && c <= 'f')
      out = out << 4 | static_cast<uint64_t>(c - 'a' + 10);
    else
      return text;
  }
}

// start-end perms offset dev inode path
bool parse_line(const char* line, size_t size, Mapping& out) {
  const char* p = parse_hex(line, out.start);
  if (*p++ != '-') return false;
  p = parse_hex(p, out.end);
  if (*p++ != ' ') return false;
  out.executable = p[2] == 'x';
  out.shared = p[3] == 's';
  p = parse_hex(p + 5, out.offset);
  const char* end = line + size;
  for (int field = 0; field < 2; ++field) {
    ++p;
    while (p < end && *p != ' ') ++p;
  }
  while (p < end && *p == ' ') ++p;
  out.path = p;
  out.path_size = static_cast<size_t>(end - p);
  return true;
}

// Calls `each` for every mapping until it returns false. Lines longer than the buffer are passed over.
// The buffer is the caller's: a record may have to be made on a signal stack of a few thousand bytes.
constexpr size_t kLines = 4096;
template <typename Each>
void for_each_mapping(char (&buffer)[kLines], Each each) {
  const int fd = kernel::open("/proc/thread-self/maps", O_RDONLY);
  if (fd < 0) return;
  size_t filled = 0;
  bool going = true;
  while (going) {
    const long n = kernel::read(fd, buffer + filled, sizeof(buffer) - 1 - filled);
    if (n <= 0) break;
    filled += static_cast<size_t>(n);
    buffer[filled] = 0;
    size_t begin = 0;
    while (going) {
      auto* newline = static_cast<char*>(std::memchr(buffer + begin, '\n', filled - begin));
      if (newline == nullptr) break;
      *newline = 0;
      Mapping mapping;
      const auto size = static_cast<size_t>(newline - (buffer + begin));
      if (parse_line(buffer + begin, size, mapping)) going = each(mapping);
      begin += size + 1;
    }
    if (begin == 0) begin = filled;
    std::memmove(buffer, buffer + begin, filled - begin);
    filled -= begin;
  }
  kernel::close(fd);
}

// The build-id note of the ELF image whose header is mapped at `image`. Read with `peek`: a file may have
// shrunk under its mapping.
void read_build_id(uint64_t image, ModuleRecord& module) {
  Elf64_Ehdr header;
  if (!kernel::peek(image, &header, sizeof(header)) || std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return;
  uint64_t base = 0;
  bool have_base = false;
  for (unsigned i = 0; i < header.e_phnum && i < 32; ++i) {
    Elf64_Phdr program;
    if (!kernel::peek(image + header.e_phoff + i * sizeof(program), &program, sizeof(program))) return;
    if (program.p_type == PT_LOAD && !have_base) {
      base = image - (program.p_vaddr & ~uint64_t{4095});
      have_base = true;
    }
    if (program.p_type != PT_NOTE || !have_base) continue;
    uint64_t at = base + program.p_vaddr;
    const uint64_t end = at + (program.p_memsz < 4096 ? program.p_memsz : 4096);
    while (at + sizeof(Elf64_Nhdr) <= end) {
      Elf64_Nhdr note;
      if (!kernel::peek(at, &note, sizeof(note))) return;
      const uint64_t description = at + sizeof(note) + ((note.n_namesz + 3u) & ~3u);
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && note.n_descsz <= sizeof(module.build_id)) {
        if (kernel::peek(description, module.build_id, note.n_descsz)) module.build_id_size = note.n_descsz;
        return;
      }
      at = description + ((note.n_descsz + 3u) & ~3u);
    }
  }
}

}  // namespace

void refresh_modules() {
  static constinit char buffer[kLines] = {};  // in a CriticalSection
  auto& header = runtime.header();
  auto* modules = runtime.modules();
  uint32_t count = 0;
  uint64_t image = 0;  // where offset 0 of the current file is mapped
  char image_path[sizeof(ModuleRecord::path)] = {};
  __atomic_fetch_add(&header.module_sequence, 1, __ATOMIC_ACQ_REL);
  for_each_mapping(buffer, [&](const Mapping& mapping) {
    if (mapping.path_size == 0) return true;
    if (mapping.offset == 0 && mapping.path[0] == '/') {
      image = mapping.start;
      std::strncpy(image_path, mapping.path, sizeof(image_path) - 1);
    }
    if (!mapping.executable) return true;
    if (count >= record::kMaxModules) {
      runtime.count(Unseen::kModules);
      return false;
    }
    ModuleRecord& module = modules[count];
    if (count < header.module_count && module.start == mapping.start && module.end == mapping.end &&
        std::strncmp(module.path, mapping.path, sizeof(module.path) - 1) == 0) {
      ++count;
      return true;  // as before
    }
    const uint64_t size = (uint64_t{count} + 1) * sizeof(ModuleRecord);
    if (count >= 64 && size % 4096 == sizeof(ModuleRecord) &&
        !runtime.reserve(record::kModuleOffset + size - 1, record::kModuleOffset + size)) {
      runtime.count(Unseen::kModules);
      return false;
    }
    std::memset(&module, 0, sizeof(module));
    module.start = mapping.start;
    module.end = mapping.end;
    module.file_offset = mapping.offset;
    std::strncpy(module.path, mapping.path, sizeof(module.path) - 1);
    if (image != 0 && std::strncmp(image_path, mapping.path, sizeof(image_path) - 1) == 0)
      read_build_id(image, module);
    ++count;
    return true;
  });
  __atomic_store_n(&header.module_count, count, __ATOMIC_RELEASE);
  __atomic_fetch_add(&header.module_sequence, 1, __ATOMIC_ACQ_REL);
  if constexpr (kFollowing) trace_takes_modules();
}

void write_program(char (&program)[512], char (&arguments)[1024], uint32_t& arguments_size) {
  raw_syscall(SYS_readlinkat, AT_FDCWD, reinterpret_cast<long>("/proc/thread-self/exe"),
              reinterpret_cast<long>(program), sizeof(program) - 1);
  const int fd = kernel::open("/proc/thread-self/cmdline", O_RDONLY);
  if (fd < 0) return;
  const long n = kernel::read(fd, arguments, sizeof(arguments));
  arguments_size = n > 0 ? static_cast<uint32_t>(n) : 0;
  kernel::close(fd);
}

const ModuleRecord* module_of(uint64_t address) {
  if (!runtime.ready()) return nullptr;
  for (uint32_t i = 0; i < runtime.header().module_count; ++i) {
    const ModuleRecord& module = runtime.modules()[i];
    if (address >= module.start && address < module.end) return &module;
  }
  return nullptr;
}

bool in_shared_mapping(uint64_t address) {
  bool shared = false;
  char buffer[kLines];
  for_each_mapping(buffer, [&](const Mapping& mapping) {
    if (address < mapping.start || address >= mapping.end) return true;
    shared = mapping.shared;
    return false;
  });
  return shared;
}

}  // namespace gordian::hooks
