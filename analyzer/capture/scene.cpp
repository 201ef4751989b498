#include "analyzer/capture/scene.h"

#include <cstring>

#include "analyzer/capture/function_names.h"
#include "analyzer/capture/stacks.h"
#include "analyzer/capture/thread_names.h"

namespace gordian::capture {
namespace {

std::string name_in(const record::ThreadRecord& thread) {
  return {thread.name, ::strnlen(thread.name, sizeof thread.name)};
}

// What a wrong call is about besides its first lock, which is a member's.
void add_locks_of_call(const record::Record& record, const record::FindingRecord& finding,
                       LockSightings& sightings) {
  if (finding.second_kind != 0)
    sightings.try_emplace(ResourceKey{static_cast<model::ResourceKind>(finding.second_kind), finding.second});
  for (const record::Hold& hold : record::evidence_at(record, finding.evidence).holds)
    sightings.try_emplace(ResourceKey{record::word_kind(hold.word), record::word_address(hold.word)});
}

}  // namespace

void put_before(finding::Stack& stack, const finding::Stack& first, uint32_t depth) {
  stack.insert(stack.begin(), first.begin(), first.end());
  if (stack.size() > depth) stack.resize(depth);
}

Scene::Scene(const record::Record& record, const model::Snapshot& snapshot, AddressNames& names,
             const PythonFrames& python, uint32_t stack_depth, const LockSightings& besides)
    : pid_(record.header.pid), snapshot_(snapshot), locks_(record, LockSightings{}, names) {
  std::map<uint32_t, const record::ThreadEntry*> by_slot;
  for (const record::ThreadEntry& entry : record.threads) by_slot[entry.slot] = &entry;
  index_threads();
  threads_.resize(snapshot.threads.size());

  Stacks stacks(names, stack_depth);
  LockSightings sightings = besides;
  for (size_t i = 0; i < threads_.size(); ++i) {
    const model::Thread& thread = snapshot.threads[i];
    const record::ThreadEntry& entry = *by_slot.at(thread.slot);
    threads_[i].name = capture::thread_name(name_in(entry.thread), thread.serial, thread.tid,
                                            entry.thread.flags, entry.thread.start_routine, pid_, names);
    for (const model::Hold& hold : thread.holds) {
      finding::Acquisition& acquisition = threads_[i].holds.emplace_back();
      acquisition.mode = hold.shared ? "shared" : "exclusive";
      acquisition.acquired_at = stacks.acquired(entry, hold.depth);
      sightings[hold.resource].push_back({hold.site, acquisition.acquired_at});
    }
    if (!thread.waiting) continue;
    threads_[i].waiting_at = stacks.waiting(entry);
    sightings[thread.wait.resource].push_back({thread.wait.site, threads_[i].waiting_at});
  }
  label_threads();
  for (const record::FindingRecord& finding : record.findings) {
    for (uint32_t i = 0; i < finding.member_count; ++i) {
      sightings.try_emplace(ResourceKey{static_cast<model::ResourceKind>(finding.members[i].kind),
                                        finding.members[i].waits_for});
    }
    add_locks_of_call(record, finding, sightings);
  }
  locks_ = LockNames(record, sightings, names);
  name_holds();

  for (size_t i = 0; i < threads_.size(); ++i) {
    // The interpreter's frames come first: they are what the program's author wrote.
    const auto frames = python.by_tid.find(snapshot.threads[i].tid);
    if (frames != python.by_tid.end() && snapshot.threads[i].waiting)
      put_before(threads_[i].waiting_at, frames->second, stack_depth);
  }
}

Scene::Scene(uint32_t pid, const model::Snapshot& snapshot, std::vector<NamedThread> threads, LockNames names)
    : pid_(pid), snapshot_(snapshot), threads_(std::move(threads)), locks_(std::move(names)) {
  index_threads();
  label_threads();
  name_holds();
}

void Scene::index_threads() {
  for (uint32_t i = 0; i < snapshot_.threads.size(); ++i) {
    by_serial_.emplace(snapshot_.threads[i].serial, ThreadIndex{i});
    for (const model::Hold& hold : snapshot_.threads[i].holds)
      holders_.emplace(hold.resource, ThreadIndex{i});
  }
}

void Scene::label_threads() {
  std::map<std::string, uint32_t> used;
  for (const NamedThread& named : threads_) ++used[named.name.name];
  for (NamedThread& named : threads_) {
    named.label = used[named.name.name] > 1 ? name_and_tid(named.name) : '"' + named.name.name + '"';
  }
}

void Scene::name_holds() {
  for (size_t i = 0; i < threads_.size(); ++i) {
    for (size_t h = 0; h < threads_[i].holds.size(); ++h)
      threads_[i].holds[h].resource = resource_name(snapshot_.threads[i].holds[h].resource);
  }
}

ThreadIndex Scene::find_thread(uint32_t serial) const {
  const auto found = by_serial_.find(serial);
  return found == by_serial_.end() ? ThreadIndex{} : found->second;
}

finding::ThreadName Scene::thread_name(ThreadIndex index) const {
  if (index.valid()) return threads_[index.value].name;
  finding::ThreadName gone;
  gone.name = "a thread that has ended";
  gone.pid = pid_;
  return gone;
}

std::string Scene::label(ThreadIndex index) const {
  return index.valid() ? threads_[index.value].label : "a thread that has ended";
}

finding::ResourceName Scene::lock_name(const LockLife& life) const {
  return locks_.name(life);
}

finding::ResourceName Scene::resource_name(const ResourceKey& key) const {
  if (key.kind != model::ResourceKind::kThread) return locks_.name(key);
  const ThreadIndex joined = find_thread(static_cast<uint32_t>(key.address));
  finding::ResourceName name;
  name.kind = kind_name(key.kind);
  name.name = name.kind + ' ' + label(joined);
  name.stable = name.kind;
  if (joined.valid() && !thread_name(joined).started_at.empty())
    name.stable += ' ' + thread_name(joined).started_at;
  return name;
}

std::string Scene::noun(const ResourceKey& key) const {
  if (key.kind == model::ResourceKind::kThread) {
    return "the end of " + label(find_thread(static_cast<uint32_t>(key.address)));
  }
  return lock_noun(resource_name(key));
}

std::vector<ThreadIndex> Scene::holders_of(const ResourceKey& key) const {
  if (key.kind == model::ResourceKind::kThread) {
    const ThreadIndex joined = find_thread(static_cast<uint32_t>(key.address));
    return joined.valid() ? std::vector{joined} : std::vector<ThreadIndex>{};
  }
  std::vector<ThreadIndex> holders;
  const auto [first, last] = holders_.equal_range(key);
  for (auto holder = first; holder != last; ++holder) {
    if (holders.empty() || holders.back() != holder->second) holders.push_back(holder->second);
  }
  return holders;
}

finding::Stack Scene::acquired_at(ThreadIndex index, const ResourceKey& key) const {
  if (!index.valid()) return {};
  const std::vector<model::Hold>& held = thread(index).holds;
  for (size_t i = held.size(); i-- > 0;) {
    if (held[i].resource == key) return holds(index)[i].acquired_at;
  }
  return {};
}

finding::Step Scene::step(ThreadIndex index) const {
  const model::Thread& of = thread(index);
  finding::Step step;
  step.thread = thread_name(index);
  step.holds = holds(index);
  if (!of.waiting) return step;
  step.waits_for = resource_name(of.wait.resource);
  step.wait_mode = of.wait.timed ? "timed" : of.wait.shared ? "shared" : "exclusive";
  if (of.wait.since_ns != 0 && of.wait.since_ns < snapshot_.now_ns) {
    step.since_ms = (snapshot_.now_ns - of.wait.since_ns) / 1'000'000;
  }
  step.waiting_at = waiting_at(index);
  return step;
}

std::string name_and_tid(const finding::ThreadName& thread) {
  const std::string name = '"' + thread.name + '"';
  return thread.tid == 0 ? name : name + " (tid " + std::to_string(thread.tid) + ')';
}

}  // namespace gordian::capture
