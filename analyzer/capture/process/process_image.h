// A process that was not watched, as plain data and readable memory: where its threads stand and what it has
// mapped. Live (live_image.h) or from a core file (core_image.h); what reads it need not know which.
//
// Promises: values and one virtual, `Memory::read`. Nothing here judges or names anything. Ids are as seen
// from here; `own_tid` is what the process itself calls a thread, which its locks carry (they differ in a pid
// namespace). Not thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace gordian::capture {

class Memory {
 public:
  virtual ~Memory() = default;

  // False when any of it cannot be read.
  virtual bool read(uint64_t address, void* buffer, size_t size) = 0;

  template <typename Value>
  std::optional<Value> value(uint64_t address) {
    Value found{};
    if (!read(address, &found, sizeof found)) return std::nullopt;
    return found;
  }
};

// In the numbering of the processor's DWARF supplement; unknown ones are not in `known`.
struct Registers {
  static constexpr uint32_t kCount = 33;
  std::array<uint64_t, kCount> value{};
  uint64_t known = 0;  // bit i: value[i]
  uint64_t program_counter = 0;
  uint64_t stack_pointer = 0;
};

// The call that a thread blocks in.
struct SystemCall {
  int64_t number = -1;
  std::array<uint64_t, 6> arguments{};
  uint64_t stack_pointer = 0;
  uint64_t program_counter = 0;
  friend bool operator==(const SystemCall&, const SystemCall&) = default;
};

struct ThreadImage {
  uint32_t tid = 0;
  uint32_t own_tid = 0;
  std::string name;
  char state = '?';                // as proc(5) has it; 'S' in a core for a thread inside of a system call
  uint64_t switches = 0;           // how often it was taken off a processor; the same number means: slept on
  std::optional<SystemCall> call;  // none: it runs, or is about to
  bool steady = false;  // it slept in that call all the while, from before memory was read until after
  std::optional<Registers> registers;

  bool ended() const { return state == 'Z' || state == 'X'; }
};

struct Region {
  uint64_t start = 0;
  uint64_t end = 0;
  uint64_t file_offset = 0;
  uint64_t device = 0;
  uint64_t inode = 0;
  bool shared = false;
  std::string path;     // as the process sees it; empty for anonymous memory
  std::string open_at;  // where the file can be opened from here; empty when it cannot
};

struct ProcessImage {
  uint32_t pid = 0;
  uint32_t own_pid = 0;
  uint32_t speaker =
      0;  // a thread that lives: when the main one has ended, the process shows itself through it
  uint32_t tracer = 0;
  std::string program;
  std::vector<std::string> arguments;
  std::string started;           // ISO 8601, UTC; empty when not known
  uint64_t handled_signals = 0;  // bit n - 1: signal n has a handler
  bool live = false;
  std::string ended_by;             // of a core: what made it
  std::vector<std::string> damage;  // of a core: files and memory that are not there, one line each
  std::vector<ThreadImage> threads;
  std::vector<Region> regions;  // by address
  std::unique_ptr<Memory> memory;

  const Region* region_at(uint64_t address) const;
  const ThreadImage* thread_with_own_tid(uint32_t own_tid) const;
};

}  // namespace gordian::capture
