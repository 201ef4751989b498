// The entries of a record's threads, read as holds and waits. What cannot be told from the record is left out
// rather than guessed: a thread whose copy is torn was running, so it waits for nothing; a wait whose details
// belong to an earlier attempt keeps its resource alone.
#include <algorithm>
#include <limits>
#include <map>
#include <set>

#include "analyzer/capture/flight_capture.h"

namespace gordian::capture {
namespace {

using model::ResourceKey;
using record::HoldStatus;
using record::ThreadState;

constexpr uint32_t kNoEntry = UINT32_MAX;  // a hold that the thread's own entries do not show

using ResourceTable = std::map<ResourceKey, const record::ResourceRecord*>;

bool is_known(record::ResourceKind kind) {
  return kind != record::ResourceKind::kNone && kind <= record::ResourceKind::kFutex;
}

// Those that have not ended. A key that occurs twice was reused; the later generation is the one of now.
ResourceTable table_of(const record::Record& record) {
  ResourceTable table;
  for (const record::ResourceRecord& resource : record.resources) {
    if ((resource.flags & record::kResourceEnded) != 0) continue;
    const auto [place, added] =
        table.try_emplace({static_cast<record::ResourceKind>(resource.kind), resource.address}, &resource);
    if (!added && place->second->generation <= resource.generation) place->second = &resource;
  }
  return table;
}

// A semaphore that is an event is held by nobody, and neither is one that was destroyed and made again since.
bool is_event(const ResourceTable& table, const ResourceKey& key, const record::Hold& entry) {
  if (key.kind != record::ResourceKind::kSemaphore) return false;
  const auto found = table.find(key);
  if (found == table.end()) return false;
  const bool earlier_life = entry.generation != 0 && entry.generation != found->second->generation;
  return earlier_life || found->second->usage == static_cast<uint8_t>(record::Usage::kSignal);
}

model::Wait wait_of(const record::ThreadEntry& entry, const record::Hold& top) {
  model::Wait wait;
  wait.resource = {record::word_kind(top.word), record::word_address(top.word)};
  wait.shared = (top.word & record::kSharedBit) != 0;
  wait.timed = (top.word & record::kTimedBit) != 0;
  wait.process_shared = (top.word & record::kProcessSharedBit) != 0;
  wait.site = top.site;
  if (entry.thread.wait_attempt == record::progress_attempts(entry.thread.progress)) {
    wait.since_ns = entry.thread.wait_since_ns;
    wait.second = entry.thread.wait_second;
    wait.signals_before = entry.thread.wait_signals;
  }
  return wait;
}

// A one-time routine or static initialiser that an exception has left: its frame lies below a live one.
bool was_unwound(const record::Hold& entry, const record::Hold& top) {
  constexpr uint64_t kLargestStack = 8u << 20;
  const auto kind = record::word_kind(entry.word);
  return (kind == record::ResourceKind::kOnce || kind == record::ResourceKind::kStaticGuard) &&
         entry.stack_pointer < top.stack_pointer && top.stack_pointer - entry.stack_pointer < kLargestStack;
}

bool is_hold(const record::Hold& entry, const record::Hold& top, const ResourceTable& table) {
  const ResourceKey key{record::word_kind(entry.word), record::word_address(entry.word)};
  return record::word_status(entry.word) == HoldStatus::kHeld && is_known(key.kind) &&
         !is_event(table, key, entry) && !was_unwound(entry, top);
}

model::Thread thread_of(const record::ThreadEntry& entry, const ResourceTable& table) {
  model::Thread thread;
  thread.slot = entry.slot;
  thread.serial = entry.thread.serial;
  thread.tid = entry.thread.tid;
  thread.tid_before_fork = entry.thread.tid_before_fork;
  thread.state = static_cast<ThreadState>(entry.thread.state);
  thread.progress = entry.thread.progress;
  // Moved while it was copied: it runs, and what was read of it is worth nothing.
  if (entry.torn) return thread;
  for (uint32_t depth = 0; depth < entry.entries.size(); ++depth) {
    const record::Hold& hold = entry.entries[depth];
    if (!is_hold(hold, entry.entries.back(), table)) continue;
    thread.holds.push_back({{record::word_kind(hold.word), record::word_address(hold.word)},
                            (hold.word & record::kSharedBit) != 0,
                            hold.site,
                            hold.stack_pointer,
                            depth});
  }
  const uint32_t depth = record::progress_depth(entry.thread.progress);
  // With fewer entries than depth the top one did not fit, and with it what the thread waits for.
  if (thread.live() && depth != 0 && entry.entries.size() == depth) {
    const record::Hold& top = entry.entries.back();
    if (record::word_status(top.word) == HoldStatus::kAttempting && is_known(record::word_kind(top.word))) {
      thread.waiting = true;
      thread.wait = wait_of(entry, top);
    }
  }
  return thread;
}

model::Resource resource_of(const ResourceKey& key, const record::ResourceRecord& source) {
  model::Resource resource;
  resource.key = key;
  resource.usage = static_cast<record::Usage>(source.usage);
  resource.process_shared = (source.flags & record::kResourceProcessShared) != 0;
  resource.many_signallers = (source.flags & record::kResourceManySignallers) != 0;
  resource.released_by_other = (source.flags & record::kResourceReleasedByOther) != 0;
  resource.initial_value = source.initial_value;
  resource.signals = source.signals;
  resource.wakes = source.wakes;
  for (const uint32_t serial : source.signallers) {
    if (serial != 0) resource.signallers.push_back(serial);
  }
  return resource;
}

// The record alone cannot tell that a condition wait was woken and wants its mutex back; the process's own
// judge could, and its findings say so.
void note_reacquiring(const record::Record& record, model::Snapshot& snapshot) {
  for (const record::FindingRecord& finding : record.findings) {
    for (uint32_t i = 0; i < finding.member_count; ++i) {
      const record::Member& member = finding.members[i];
      if (member.phase != 1 || member.kind != static_cast<uint8_t>(record::ResourceKind::kMutex)) continue;
      for (model::Thread& thread : snapshot.threads) {
        const bool same = thread.slot == member.slot && thread.serial == member.serial &&
                          thread.progress == member.progress;
        if (!same || !thread.waiting || thread.wait.resource.kind != record::ResourceKind::kCondition)
          continue;
        thread.wait.reacquiring = true;
        thread.wait.timed = false;  // the time limit is for the condition
        thread.wait.resource = {record::ResourceKind::kMutex, member.waits_for};
      }
    }
  }
}

// In the child of a fork a lock can be in the hands of a thread that did not come along. The lock itself said
// so, to the judge.
void note_left_behind(const record::Record& record, model::Snapshot& snapshot) {
  for (const record::FindingRecord& finding : record.findings) {
    for (uint32_t i = 0; i < finding.member_count; ++i) {
      const record::Member& member = finding.members[i];
      if (member.link != static_cast<uint8_t>(record::Link::kLeftBehind)) continue;
      const ResourceKey key{static_cast<record::ResourceKind>(member.kind), member.waits_for};
      for (model::Thread& thread : snapshot.threads) {
        if (thread.serial != member.held_by_serial || thread.state != ThreadState::kLeftBehindByFork)
          continue;
        const bool known = std::any_of(thread.holds.begin(), thread.holds.end(),
                                       [&](const model::Hold& hold) { return hold.resource == key; });
        if (!known && is_known(key.kind)) thread.holds.push_back({key, false, 0, 0, kNoEntry});
      }
    }
  }
}

// The last moment that the record tells of. Of a process that still runs, the caller knows a later one.
uint64_t last_moment(const record::Record& record, const model::Snapshot& snapshot) {
  uint64_t moment = record.header.attached_ns;
  for (const record::FindingRecord& finding : record.findings) moment = std::max(moment, finding.told_at_ns);
  for (const model::Thread& thread : snapshot.threads) moment = std::max(moment, thread.wait.since_ns);
  return moment;
}

uint32_t unknown_threads(const record::Record& record) {
  const auto count = [&](record::Unseen what) { return record.header.unseen[static_cast<size_t>(what)]; };
  uint64_t unknown = std::min<uint64_t>(count(record::Unseen::kThreads), record::kMaxThreads) +
                     std::min<uint64_t>(count(record::Unseen::kForeignThreads), record::kMaxThreads);
  for (const record::FindingRecord& finding : record.findings)
    unknown = std::max<uint64_t>(unknown, finding.unknown_threads);
  return static_cast<uint32_t>(std::min<uint64_t>(unknown, std::numeric_limits<uint32_t>::max()));
}

}  // namespace

model::Snapshot snapshot_of(const record::Record& record) {
  const ResourceTable table = table_of(record);
  model::Snapshot snapshot;
  for (const record::ThreadEntry& entry : record.threads) {
    model::Thread thread = thread_of(entry, table);
    // A thread that ended with nothing in its hands keeps nobody waiting.
    if (thread.state == ThreadState::kEnded && thread.holds.empty()) continue;
    snapshot.threads.push_back(std::move(thread));
  }
  note_reacquiring(record, snapshot);
  note_left_behind(record, snapshot);

  std::set<ResourceKey> used;
  for (model::Thread& thread : snapshot.threads) {
    for (const model::Hold& hold : thread.holds) used.insert(hold.resource);
    if (!thread.waiting) continue;
    used.insert(thread.wait.resource);
    const auto found = table.find(thread.wait.resource);
    if (found != table.end() && (found->second->flags & record::kResourceProcessShared) != 0) {
      thread.wait.process_shared = true;
    }
  }
  for (const ResourceKey& key : used) {
    const auto found = table.find(key);
    if (found != table.end()) snapshot.resources.push_back(resource_of(key, *found->second));
  }

  snapshot.owners_change = record.header.unseen[static_cast<size_t>(record::Unseen::kUnmatchedRelease)] != 0;
  snapshot.outside.unknown_threads = unknown_threads(record);
  for (const record::FindingRecord& finding : record.findings) {
    snapshot.outside.signal_handlers = std::max(snapshot.outside.signal_handlers, finding.signal_handlers);
  }
  snapshot.now_ns = last_moment(record, snapshot);
  return snapshot;
}

}  // namespace gordian::capture
