// Who has what open: the file descriptors of all processes, as /proc tells.
//
// Promises: each process that may not be looked into is counted in `unreadable`. One pass over /proc per
// question.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace gordian::capture {

struct OpenFile {
  uint32_t pid = 0;
  uint32_t descriptor = 0;
  std::string target;  // `pipe:[123]`, `socket:[456]`, a path
  uint64_t device = 0;
  uint64_t inode = 0;
  uint32_t mode = 0;  // st_mode
};

enum class Access : uint8_t { kRead, kWrite, kBoth };

// What the process has behind a descriptor; nothing when it has none there.
std::optional<OpenFile> open_file(uint32_t pid, uint64_t descriptor);
Access access_of(const OpenFile& file);

// The `lock:` lines of its fdinfo.
std::vector<std::string> locks_through(const OpenFile& file);

struct Holders {
  std::vector<OpenFile> files;
  bool unreadable = false;  // some process that may have it could not be looked into
};

// Every descriptor of every process whose target is one of `targets`.
Holders who_has(const std::vector<std::string>& targets);

}  // namespace gordian::capture
