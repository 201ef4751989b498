// Where a thread's record lies in the file, and its entries in order: those of its page, then those of its
// overflow blocks. Errors as in reader.h.
#pragma once

#include <vector>

#include "analyzer/record/record_file.h"

namespace gordian::record {

constexpr uint64_t thread_offset(uint32_t slot) {
  return kThreadOffset + sizeof(ThreadRecord) * uint64_t{slot};
}

// The entries in use, in order of depth; `thread` is a copy of the page. Fewer than `depth` when the thread
// holds more than its record has room for.
std::vector<Hold> read_entries(const RecordFile& file, const ThreadRecord& thread);

}  // namespace gordian::record
