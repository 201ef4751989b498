// An ELF core file: its notes, and the memory that it holds.
//
// Promises: nothing in the file is believed: every offset and size is checked against it, and strings need
// not end. Throws InspectError, one line, for what is no core of this machine's kind or is cut off before its
// notes end. Fuzzed by tests/fuzz. Source: System V ABI; the kernel's fs/binfmt_elf.c and
// include/uapi/linux/elfcore.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "analyzer/capture/process/process_image.h"
#include "analyzer/symbols/elf_image.h"

namespace gordian::capture {

struct CoreThread {
  uint32_t tid = 0;
  int signal = 0;
  std::vector<unsigned char> general;  // registers, as the kernel lays them out
};

struct CoreMapping {
  uint64_t start = 0;
  uint64_t end = 0;
  uint64_t file_offset = 0;
  std::string path;
};

class CoreFile {
 public:
  explicit CoreFile(const std::string& path);
  ~CoreFile();
  CoreFile(const CoreFile&) = delete;
  CoreFile& operator=(const CoreFile&) = delete;

  const std::vector<CoreThread>& threads() const { return threads_; }
  const std::vector<CoreMapping>& mappings() const { return mappings_; }
  const std::vector<symbols::Segment>& segments() const { return segments_; }
  uint32_t pid() const { return pid_; }
  const std::string& name() const { return name_; }            // the first 15 letters of the program's name
  const std::string& arguments() const { return arguments_; }  // the first 80 letters of its command line
  uint64_t program_headers() const { return program_headers_; }
  uint64_t missing_bytes() const { return missing_bytes_; }

  // How many bytes at `address` the core holds and could be read; of the rest it holds nothing.
  size_t read(uint64_t address, void* buffer, size_t size) const;

 private:
  void read_headers(const std::string& path);
  void read_notes(const std::string& path, uint64_t offset, uint64_t size);
  void take_note(uint32_t type, const unsigned char* description, size_t size);
  void take_files(const unsigned char* description, size_t size);
  bool read_at(uint64_t offset, void* buffer, size_t size) const;

  int descriptor_;
  uint64_t size_ = 0;
  std::vector<CoreThread> threads_;
  std::vector<CoreMapping> mappings_;
  std::vector<symbols::Segment> segments_;
  uint32_t pid_ = 0;
  std::string name_;
  std::string arguments_;
  uint64_t program_headers_ = 0;
  uint64_t missing_bytes_ = 0;
};

}  // namespace gordian::capture
