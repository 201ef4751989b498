#include "analyzer/record/thread_entries.h"

#include <algorithm>

namespace gordian::record {

std::vector<Hold> read_entries(const RecordFile& file, const ThreadRecord& thread) {
  const uint32_t depth = progress_depth(thread.progress);
  std::vector<Hold> entries(thread.holds, thread.holds + std::min(depth, kInlineHolds));
  for (const uint32_t block : thread.overflow_blocks) {
    if (entries.size() >= depth || block == 0) break;
    if (block > kMaxOverflowBlocks) file.damaged("a thread refers to an overflow block that cannot exist");
    const size_t wanted = std::min<size_t>(depth - entries.size(), kOverflowBlockHolds);
    entries.resize(entries.size() + wanted);
    file.read(kOverflowOffset + sizeof(Hold) * kOverflowBlockHolds * (uint64_t{block} - 1),
              &entries[entries.size() - wanted], sizeof(Hold) * wanted, "overflow blocks");
  }
  return entries;
}

}  // namespace gordian::record
