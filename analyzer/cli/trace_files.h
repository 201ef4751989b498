// The traces of one run: FILE of the launched program, FILE.PID of every other process.
//
// Promises: what can be known to fail is refused before the program starts. An existing file is replaced only
// where it is a regular one that may be written, and not before the program's own trace begins. Afterwards
// each file of a process that has ended is cut to what was used; those of processes that still run are left
// alone, since a file that shrinks under its mapping would kill them.
// Sources: mmap(2) on SIGBUS, proc(5) on maps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gordian::cli {

// MiB of a trace's file. With less than the least there is hardly room for events beside the tables.
inline constexpr uint32_t kLeastTraceLimit = 8;
inline constexpr uint32_t kMostTraceLimit = 1u << 20;
inline constexpr uint32_t kUsualTraceLimit = 1024;

class TraceFiles {
 public:
  // Throws Refusal.
  TraceFiles(const std::string& path, uint32_t limit_mib);

  // Absolute, and where a link leads.
  const std::string& path() const { return path_; }

  // When the program has ended: clears up, and says in sentences what there is.
  std::vector<std::string> finish() const;

 private:
  std::string finish_own() const;
  std::string finish_others() const;

  std::string path_;
  uint32_t limit_mib_;
  uint64_t begun_ns_;  // CLOCK_MONOTONIC; what began before is of an earlier run
};

}  // namespace gordian::cli
