// One ELF file on disk: its loadable segments, build-id, bytes and symbols by name.
//
// Promises: opens regular files only (never blocks on a FIFO or a device), never throws on a damaged file,
// and reads by offset rather than through a mapping, so that a file that shrinks while it is read is an error
// and not a SIGBUS. Addresses are the file's own (before relocation): `address in the process - bias`.
// Source: System V ABI, chapters 4 and 5; elfutils libelf.
#pragma once

#include <libelf.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gordian::symbols {

struct Segment {
  uint64_t address = 0;
  uint64_t memory_size = 0;
  uint64_t file_offset = 0;
  uint64_t file_size = 0;
};

class ElfImage {
 public:
  // Null, with a reason in `*problem`, when the file cannot be used.
  static std::unique_ptr<ElfImage> open(const std::string& path, std::string* problem);
  ~ElfImage();
  ElfImage(const ElfImage&) = delete;
  ElfImage& operator=(const ElfImage&) = delete;

  int descriptor() const { return descriptor_; }
  uint16_t machine() const { return machine_; }
  const std::vector<Segment>& segments() const { return segments_; }
  const std::vector<uint8_t>& build_id() const { return build_id_; }
  uint64_t end_address() const;

  // Every load bias under which a mapping of `file_offset` at `start` can be one of this file's segments. Two
  // segments may share a page of the file, so there may be two.
  std::vector<uint64_t> possible_biases(uint64_t start, uint64_t file_offset) const;

  // Bytes of the file that are loaded at `address`; returns how many could be read.
  size_t read(uint64_t address, void* buffer, size_t size) const;

  // The value of a defined symbol, from the symbol table or the dynamic symbol table.
  std::optional<uint64_t> symbol(std::string_view name) const;

 private:
  ElfImage(int descriptor, Elf* elf) : descriptor_(descriptor), elf_(elf) {}
  bool read_headers(std::string* problem);
  void read_build_id();

  int descriptor_;
  Elf* elf_;
  uint16_t machine_ = 0;
  std::vector<Segment> segments_;
  std::vector<uint8_t> build_id_;
};

std::string hexadecimal(const std::vector<uint8_t>& bytes);

}  // namespace gordian::symbols
