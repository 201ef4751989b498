// The memory of a running process, by process_vm_readv, a page at a time.
//
// Promises: what was read once is remembered until `forget`; the process is not stopped. `FreshMemory` reads
// anew each time, for structures that change and are read until they hold still.
#pragma once

#include <unordered_map>

#include "analyzer/capture/process/process_image.h"

namespace gordian::capture {

class LiveMemory final : public Memory {
 public:
  explicit LiveMemory(uint32_t pid) : pid_(pid) {}

  bool read(uint64_t address, void* buffer, size_t size) override;
  void forget() { pages_.clear(); }

  // errno of the last read that failed, 0 when none did.
  int failure() const { return failure_; }

 private:
  static constexpr size_t kPage = 4096;
  using Page = std::array<unsigned char, kPage>;
  const Page* page_at(uint64_t address);

  uint32_t pid_;
  int failure_ = 0;
  std::unordered_map<uint64_t, std::unique_ptr<Page>> pages_;  // null: cannot be read
};

class FreshMemory final : public Memory {
 public:
  explicit FreshMemory(uint32_t pid) : pid_(pid) {}
  bool read(uint64_t address, void* buffer, size_t size) override;

 private:
  uint32_t pid_;
};

}  // namespace gordian::capture
