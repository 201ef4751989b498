#include "analyzer/record/state_sampler.h"

#include <algorithm>

#include "analyzer/record/thread_entries.h"

namespace gordian::record {
namespace {

// Who the thread is, its progress and its wait: all that comes before its stack.
void read_head(const RecordFile& file, uint32_t slot, ThreadRecord& thread) {
  file.read(thread_offset(slot), &thread, offsetof(ThreadRecord, frames), "threads");
  thread.frame_count = 0;
  if (thread.state > static_cast<uint32_t>(ThreadState::kLeftBehindByFork))
    file.damaged("a thread is in a state that does not exist");
}

void read_holds(const RecordFile& file, ThreadEntry& entry) {
  const uint32_t depth = std::min(progress_depth(entry.thread.progress), kInlineHolds);
  if (depth != 0)
    file.read(thread_offset(entry.slot) + offsetof(ThreadRecord, holds), entry.thread.holds,
              sizeof(Hold) * depth, "threads");
  entry.entries = read_entries(file, entry.thread);
}

// What stands in both from the bottom up, and is held.
void keep_common(std::vector<Hold>& entries, const std::vector<Hold>& again) {
  const auto differ = std::mismatch(entries.begin(), entries.end(), again.begin(), again.end(),
                                    [](const Hold& a, const Hold& b) { return a.word == b.word; });
  entries.erase(differ.first, entries.end());
  while (!entries.empty() && word_status(entries.back().word) != HoldStatus::kHeld) entries.pop_back();
}

}  // namespace

bool StateSampler::read_slot(uint32_t slot, ThreadEntry& entry) {
  entry.slot = slot;
  ThreadRecord& thread = entry.thread;
  read_head(file_, slot, thread);
  if (thread.state == static_cast<uint32_t>(ThreadState::kFree)) return false;
  read_holds(file_, entry);
  if (entry.entries.empty()) return true;
  const uint64_t progress_offset = thread_offset(slot) + offsetof(ThreadRecord, progress);
  if (file_.read_one<uint64_t>(progress_offset, "threads") == thread.progress) return true;

  again_.slot = slot;
  read_head(file_, slot, again_.thread);
  again_.entries.clear();
  if (again_.thread.serial == thread.serial && again_.thread.state == thread.state) read_holds(file_, again_);
  keep_common(entry.entries, again_.entries);
  thread.progress = progress_attempts(thread.progress) << 16 | entry.entries.size();
  return true;
}

std::vector<ThreadEntry>& StateSampler::sample() {
  header_ = file_.header();
  size_t used = 0;
  for (uint32_t slot = 0; slot < header_.thread_count; ++slot) {
    if (used == threads_.size()) threads_.emplace_back();
    if (read_slot(slot, threads_[used])) ++used;
  }
  threads_.resize(used);
  return threads_;
}

}  // namespace gordian::record
