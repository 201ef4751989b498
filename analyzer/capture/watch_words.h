// What a screen of `gordian watch` says, put into words: chains of waiting threads, the longest waits, the
// locks that are fought over, the events that are waited for.
//
// Promises: reads its arguments and nothing else, but for the names that it gives to locks seen for the first
// time.
#pragma once

#include <map>

#include "analyzer/capture/contention.h"
#include "analyzer/capture/lasting_names.h"
#include "analyzer/capture/scene.h"
#include "analyzer/capture/wait_chains.h"
#include "analyzer/finding/watch_view.h"

namespace gordian::capture {

// How often each condition, semaphore and the like has been signalled: the record counts every time.
class SignalCounts {
 public:
  void learn(const record::Record& state);

  // Since it was learnt.
  uint64_t since(const record::ResourceRecord& resource) const;

 private:
  std::map<LockLife, uint32_t> counts_;
};

class WatchWords {
 public:
  WatchWords(const record::Record& state, const model::Snapshot& snapshot, const Scene& scene,
             LastingNames& names);

  // Everything but the findings.
  finding::WatchView view_of(const ContentionFigures& figures, const SignalCounts& signals) const;

 private:
  const record::ResourceRecord* record_of(const model::ResourceKey& key) const;
  bool is_event(const model::ResourceKey& key) const;
  std::string lock_name(const model::ResourceKey& key) const;
  std::string noun(const model::ResourceKey& key) const;
  std::optional<uint64_t> longest_ms(const std::vector<ThreadIndex>& waiters) const;
  std::string holders(const model::ResourceKey& key) const;
  finding::WatchedWait wait_of(const WaitLink& link) const;
  finding::WatchedChain chain_of(const WaitChain& chain) const;
  finding::WatchedLock lock_of(const LockFigures& figures) const;
  finding::WatchedEvent event_of(const LockFigures& figures, const SignalCounts& signals) const;
  void count_threads(finding::WatchView& view) const;

  const record::Record& state_;
  const model::Snapshot& snapshot_;
  const Scene& scene_;
  LastingNames& names_;
  std::map<model::ResourceKey, const record::ResourceRecord*> resources_;  // those that live
  std::map<model::ResourceKey, std::vector<ThreadIndex>> waiters_;
};

}  // namespace gordian::capture
