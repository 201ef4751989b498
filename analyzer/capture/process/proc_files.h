// proc(5), parsed: the files of one process or thread as values.
//
// Promises: pure functions of the texts; what a text does not say stays at its default. Names in parentheses
// may hold anything, newlines and closing parentheses included.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/capture/process/process_image.h"

namespace gordian::capture::proc {

struct Stat {
  std::string name;
  char state = '?';
  uint32_t parent = 0;
  uint64_t start_ticks = 0;  // after boot
};

struct Status {
  uint32_t tracer = 0;
  uint32_t own_id = 0;  // in the innermost pid namespace; 0 when not told
  uint32_t user = 0;    // effective
  uint64_t handled_signals = 0;
  uint64_t switches = 0;
  bool has_memory = false;  // a kernel thread has none, nor has what has ended
};

// The whole of a small file; empty when it cannot be read.
std::string text_of(const std::string& path);

std::optional<Stat> parse_stat(std::string_view text);
Status parse_status(std::string_view text);
std::optional<SystemCall> parse_syscall(std::string_view text);
std::vector<Region> parse_regions(std::string_view text);

// The numbers among the names of a directory, in order; empty when it cannot be read.
std::vector<uint32_t> numbered_entries(const std::string& directory);

}  // namespace gordian::capture::proc
