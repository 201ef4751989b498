#include "analyzer/capture/process/core_image.h"

#include <elf.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <map>

#include "analyzer/capture/process/core_file.h"
#include "analyzer/capture/process/inspect_error.h"
#include "analyzer/capture/process/registers.h"
#include "analyzer/symbols/elf_image.h"

namespace gordian::capture {
namespace {

// The core's memory; what it leaves out because a file had it is read from that file.
class CoreMemory final : public Memory {
 public:
  CoreMemory(std::unique_ptr<CoreFile> core) : core_(std::move(core)) {}
  ~CoreMemory() override {
    for (const auto& [path, descriptor] : files_)
      if (descriptor >= 0) ::close(descriptor);
  }

  void add(const Region& region) { regions_.push_back(region); }

  bool read(uint64_t address, void* buffer, size_t size) override {
    auto* to = static_cast<unsigned char*>(buffer);
    while (size > 0) {
      size_t part = core_->read(address, to, size);
      if (part == 0) part = read_file(address, to, size);
      if (part == 0) return false;
      to += part;
      address += part;
      size -= part;
    }
    return true;
  }

  const CoreFile& core() const { return *core_; }

 private:
  size_t read_file(uint64_t address, void* buffer, size_t size) {
    const auto region = std::find_if(regions_.begin(), regions_.end(), [&](const Region& each) {
      return each.start <= address && address < each.end;
    });
    if (region == regions_.end() || region->open_at.empty()) return 0;
    const auto [file, is_new] = files_.try_emplace(region->open_at, -1);
    if (is_new) file->second = ::open(region->open_at.c_str(), O_RDONLY | O_CLOEXEC);
    if (file->second < 0) return 0;
    const size_t part = static_cast<size_t>(std::min<uint64_t>(size, region->end - address));
    const ssize_t got = ::pread(file->second, buffer, part,
                                static_cast<off_t>(region->file_offset + (address - region->start)));
    return got > 0 ? static_cast<size_t>(got) : 0;
  }

  std::unique_ptr<CoreFile> core_;
  std::vector<Region> regions_;
  std::map<std::string, int> files_;
};

// The build-id of what was loaded at `start`, from the headers that a core usually holds.
std::vector<uint8_t> loaded_build_id(const CoreFile& core, uint64_t start) {
  Elf64_Ehdr header;
  if (core.read(start, &header, sizeof header) != sizeof header ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return {};
  uint64_t first_address = UINT64_MAX;
  std::vector<Elf64_Phdr> notes;
  for (uint16_t i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr program;
    if (core.read(start + header.e_phoff + i * sizeof program, &program, sizeof program) != sizeof program)
      return {};
    if (program.p_type == PT_LOAD) first_address = std::min(first_address, program.p_vaddr & ~uint64_t{4095});
    if (program.p_type == PT_NOTE) notes.push_back(program);
  }
  for (const Elf64_Phdr& program : notes) {
    std::vector<unsigned char> bytes(std::min<uint64_t>(program.p_filesz, 4096));
    if (core.read(start + program.p_vaddr - first_address, bytes.data(), bytes.size()) != bytes.size())
      continue;
    for (size_t at = 0; bytes.size() - at >= sizeof(Elf64_Nhdr);) {
      Elf64_Nhdr note;
      std::memcpy(&note, bytes.data() + at, sizeof note);
      const size_t description = at + sizeof note + ((note.n_namesz + 3) & ~3u);
      const size_t end = description + ((note.n_descsz + 3) & ~3u);
      if (description > bytes.size() || end > bytes.size()) break;
      if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4)
        return {bytes.data() + description, bytes.data() + description + note.n_descsz};
      at = end;
    }
  }
  return {};
}

class Reader {
 public:
  Reader(const std::string& path, const std::string& program, const std::string& sysroot)
      : path_(path), program_(program), sysroot_(sysroot), core_(std::make_unique<CoreFile>(path)) {}

  ProcessImage read() {
    image_.pid = image_.own_pid = core_->pid() != 0 ? core_->pid() : core_->threads().front().tid;
    image_.program = path_of_program();
    // The first 80 letters are there, and where one argument ends and the next begins is not.
    const std::string& line = core_->arguments();
    image_.arguments.push_back(line.substr(0, line.find(' ')));
    if (line.find(' ') != line.npos) image_.arguments.push_back(line.substr(line.find(' ') + 1));
    add_regions();
    add_threads();
    if (const int signal = core_->threads().front().signal; signal != 0)
      image_.ended_by =
          fmt::format("signal {} ({})", signal,
                      ::sigabbrev_np(signal) != nullptr ? std::string("SIG") + ::sigabbrev_np(signal) : "?");
    check_stacks();
    auto memory = std::make_unique<CoreMemory>(std::move(core_));
    for (const Region& region : image_.regions) memory->add(region);
    image_.memory = std::move(memory);
    return std::move(image_);
  }

 private:
  std::string path_of_program() const {
    for (const CoreMapping& mapping : core_->mappings())
      if (mapping.start <= core_->program_headers() && core_->program_headers() < mapping.end)
        return mapping.path;
    return core_->name();
  }

  // Where the file of that name can be opened, or nothing and a line that says why.
  std::string where_to_open(const std::string& path, uint64_t start) {
    const bool is_given = path == image_.program && !program_.empty();
    const std::string file = is_given ? program_ : sysroot_ + path;
    std::string problem;
    const auto elf = symbols::ElfImage::open(file, &problem);
    const std::vector<uint8_t> ran = loaded_build_id(*core_, start);
    if (elf == nullptr) {
      if (is_given)
        throw InspectError(fmt::format("{}: {}; give the program that the core is of", file, problem));
      if (!ran.empty()) image_.damage.push_back(fmt::format("{}: {}", file, problem));
      return {};
    }
    if (ran.empty() || elf->build_id().empty() || elf->build_id() == ran) return file;
    if (is_given)
      throw InspectError(
          fmt::format("{} is not the program of this core: its build-id is {}, and {} ran; give {} "
                      "as it was then",
                      file, symbols::hexadecimal(elf->build_id()), symbols::hexadecimal(ran), path));
    image_.damage.push_back(fmt::format("{}: another file than the one that ran (build-id {}, not {})", file,
                                        symbols::hexadecimal(elf->build_id()), symbols::hexadecimal(ran)));
    return {};
  }

  void add_regions() {
    std::map<std::string, std::string> opened;
    for (const CoreMapping& mapping : core_->mappings()) {
      Region& region = image_.regions.emplace_back();
      region.start = mapping.start;
      region.end = mapping.end;
      region.file_offset = mapping.file_offset;
      region.path = mapping.path;
      if (mapping.path.empty() || mapping.path.front() != '/') continue;
      const auto [file, is_new] = opened.try_emplace(mapping.path);
      if (is_new) file->second = where_to_open(mapping.path, mapping.start);
      region.open_at = file->second;
      // A file that is no program or library and was written to: shared memory.
      region.shared = file->second.empty() && mapping.path.starts_with("/dev/shm/");
    }
    // Anonymous memory, which has no entry of its own.
    for (const symbols::Segment& segment : core_->segments()) {
      const uint64_t end = segment.address + segment.memory_size;
      const bool is_known = std::any_of(
          core_->mappings().begin(), core_->mappings().end(),
          [&](const CoreMapping& each) { return each.start < end && segment.address < each.end; });
      if (is_known) continue;
      Region& region = image_.regions.emplace_back();
      region.start = segment.address;
      region.end = end;
    }
    std::sort(image_.regions.begin(), image_.regions.end(),
              [](const Region& one, const Region& other) { return one.start < other.start; });
  }

  void add_threads() {
    for (const CoreThread& from : core_->threads()) {
      ThreadImage& thread = image_.threads.emplace_back();
      thread.tid = thread.own_tid = from.tid;
      thread.name = core_->name();
      thread.registers = registers_from(from.general.data(), from.general.size());
      thread.call = call_from(from.general.data(), from.general.size());
      thread.state = thread.call ? 'S' : 'R';
      thread.steady = thread.call.has_value();
    }
    // The one that the signal hit comes first in the file.
    std::sort(image_.threads.begin(), image_.threads.end(),
              [](const ThreadImage& one, const ThreadImage& other) { return one.tid < other.tid; });
  }

  void check_stacks() {
    if (core_->missing_bytes() == 0) return;
    const auto is_there = [&](const ThreadImage& thread) {
      uint64_t word = 0;
      return thread.registers &&
             core_->read(thread.registers->stack_pointer, &word, sizeof word) == sizeof word;
    };
    if (std::none_of(image_.threads.begin(), image_.threads.end(), is_there))
      throw InspectError(fmt::format(
          "{} is cut off: {} bytes of memory are missing, all stacks among them; raise ulimit -c, "
          "look at the disk, and take it again",
          path_, core_->missing_bytes()));
    image_.damage.push_back(
        fmt::format("{}: cut off, {} bytes of memory are missing", path_, core_->missing_bytes()));
  }

  std::string path_;
  std::string program_;
  std::string sysroot_;
  std::unique_ptr<CoreFile> core_;
  ProcessImage image_;
};

}  // namespace

ProcessImage read_core(const std::string& path, const std::string& program, const std::string& sysroot) {
  return Reader(path, program, sysroot).read();
}

}  // namespace gordian::capture
