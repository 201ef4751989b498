// Where the flight record of a process is: of a running one by its pid, of a core by what it had mapped.
//
// Promises: the record that the process itself writes, or nothing. A process has its record mapped, so its
// mappings name the file. A record of somebody else is passed over by the pid in its header: that of the
// parent, which a forked child has mapped until it has one of its own. A record that was deleted is found by
// the mapping, if the caller may follow it there. Reads /proc alone; asks nothing of the process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "analyzer/capture/process/process_image.h"

namespace gordian::capture {

// A path by which the record can be opened; it lasts as long as the process has the record mapped. Nothing
// when there is no such process, when it has no record, or when its mappings may not be read. `proc` is where
// procfs is mounted; a parameter for tests.
std::optional<std::string> record_path_of(uint32_t pid, const std::string& proc = "/proc");

// The pid by which the process knows itself: another one in a container of its own. Nothing when there is
// none.
std::optional<uint32_t> own_pid_of(uint32_t pid, const std::string& proc = "/proc");

// The record that the process of a core had mapped, below `sysroot` if that is not empty.
struct RecordOfCore {
  std::string path;
  bool is_there;  // false: it is gone, or another process's is in its place
};
std::optional<RecordOfCore> record_of_core(const ProcessImage& core, const std::string& sysroot);

}  // namespace gordian::capture
