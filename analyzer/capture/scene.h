// A snapshot with a name for everything in it: threads, locks, and the stacks where they wait and where they
// acquired.
//
// Promises: names everything once, when it is made; afterwards it only answers. A thread or lock that the
// snapshot does not know gets the best that can be said of it. Keeps a reference to the snapshot,
// which must outlive it.
#pragma once

#include <map>

#include "analyzer/capture/lock_names.h"
#include "analyzer/capture/python_frames.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

using model::ResourceKey;
using model::ThreadIndex;

// A thread with a name for everything that it holds and waits for.
struct NamedThread {
  finding::ThreadName name;
  std::string label;  // for sentences; Scene fills it
  finding::Stack waiting_at;
  std::vector<finding::Acquisition> holds;  // one for each of model::Thread::holds; Scene names the resources
};

class Scene {
 public:
  // `besides`: locks that somebody will ask about and that the snapshot need not know.
  Scene(const record::Record& record, const model::Snapshot& snapshot, AddressNames& names,
        const PythonFrames& python, uint32_t stack_depth, const LockSightings& besides = {});

  // Of processes without a record: what was read off them, and names for the resources of the snapshot.
  Scene(uint32_t pid, const model::Snapshot& snapshot, std::vector<NamedThread> threads, LockNames names);

  const model::Snapshot& snapshot() const { return snapshot_; }
  const model::Thread& thread(ThreadIndex index) const { return snapshot_.threads[index.value]; }
  uint32_t pid() const { return pid_; }

  // Invalid when the snapshot has no such thread.
  ThreadIndex find_thread(uint32_t serial) const;

  finding::ThreadName thread_name(ThreadIndex index) const;
  // For sentences: `"worker-1"`, with the tid where the name alone could be another's.
  std::string label(ThreadIndex index) const;
  finding::ResourceName resource_name(const ResourceKey& key) const;
  // A lock in any of its lives; no thread.
  finding::ResourceName lock_name(const LockLife& life) const;
  // For sentences: `accounts[0].lock`, `the mutex first taken at ...`, `the end of "worker-1"`.
  std::string noun(const ResourceKey& key) const;

  const finding::Stack& waiting_at(ThreadIndex index) const { return threads_[index.value].waiting_at; }
  const std::vector<finding::Acquisition>& holds(ThreadIndex index) const {
    return threads_[index.value].holds;
  }

  // Who holds it, in the order of the snapshot; for a join, the thread itself.
  std::vector<ThreadIndex> holders_of(const ResourceKey& key) const;

  // Where `index` acquired it; empty when it does not hold it.
  finding::Stack acquired_at(ThreadIndex index, const ResourceKey& key) const;

  // The wait of a thread, with everything but the holder.
  finding::Step step(ThreadIndex index) const;

 private:
  void index_threads();
  void label_threads();
  void name_holds();

  uint32_t pid_;
  const model::Snapshot& snapshot_;
  std::map<uint32_t, ThreadIndex> by_serial_;
  std::multimap<ResourceKey, ThreadIndex> holders_;
  std::vector<NamedThread> threads_;
  LockNames locks_;
};

// `first` and then `stack`, as deep as asked for.
void put_before(finding::Stack& stack, const finding::Stack& first, uint32_t depth);

// `"worker-1" (tid 4711)`
std::string name_and_tid(const finding::ThreadName& thread);

}  // namespace gordian::capture
