#include "analyzer/capture/process/group_snapshot.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include "analyzer/capture/function_names.h"
#include "analyzer/capture/lock_names.h"
#include "analyzer/capture/process/proc_files.h"

namespace gordian::capture {
namespace {

using model::ResourceKey;
using model::ResourceKind;

constexpr unsigned kProcessShift = 48;
constexpr uint64_t kCommon = uint64_t{0xffff} << kProcessShift;  // of no process in particular

constexpr uint64_t bit_of(int signal) {
  return uint64_t{1} << (signal - 1);
}
// Their handlers report a crash or ignore a broken pipe; they set nothing going again.
constexpr uint64_t kCrashSignals = bit_of(SIGSEGV) | bit_of(SIGBUS) | bit_of(SIGILL) | bit_of(SIGFPE) |
                                   bit_of(SIGABRT) | bit_of(SIGTRAP) | bit_of(SIGSYS) | bit_of(SIGPIPE);
// The C library's own two: cancellation, and setuid for all threads.
constexpr uint64_t kLibrarySignals = bit_of(32) | bit_of(33);

bool handles_signals(const ProcessImage& process) {
  return (process.handled_signals & ~(kCrashSignals | kLibrarySignals)) != 0;
}

class Builder {
 public:
  explicit Builder(const Studies& studies) : studies_(studies) {}

  GroupSnapshot build() {
    add_threads();
    for (size_t i = 0; i < result_.origins.size(); ++i) add_wait(i);
    for (size_t p = 0; p < studies_.size(); ++p) add_python_locks(p);
    doubt_own_mutexes();
    for (const auto& [key, resource] : resources_) result_.snapshot.resources.push_back(resource);
    for (uint32_t p = 0; p < studies_.size(); ++p)
      if (handles_signals(studies_[p]->image) || !studies_[p]->library.is_glibc)
        result_.snapshot.wakeable.push_back(p);
    tell_unseen();
    return std::move(result_);
  }

 private:
  model::Thread& thread(size_t index) { return result_.snapshot.threads[index]; }

  void add_threads() {
    for (size_t p = 0; p < studies_.size(); ++p) {
      const auto& images = studies_[p]->image.threads;
      for (size_t t = 0; t < images.size(); ++t) {
        model::Thread& added = result_.snapshot.threads.emplace_back();
        added.process = static_cast<uint32_t>(p);
        added.slot = added.serial = static_cast<uint32_t>(result_.snapshot.threads.size());
        added.tid = images[t].tid;
        added.sleeps = images[t].call.has_value() && !images[t].ended();
        added.state = images[t].ended() ? record::ThreadState::kEnded : record::ThreadState::kLive;
        result_.origins.push_back({p, t});
      }
    }
  }

  ResourceKey common_key(ResourceKind kind, const std::string& identity) {
    const auto [entry, is_new] = common_.try_emplace(identity, common_.size() + 1);
    return {kind, kCommon | entry->second};
  }

  // A primitive in memory that processes share is the same one for all, wherever each has it mapped.
  ResourceKey memory_key(size_t process, ResourceKind kind, uint64_t address, bool* is_shared) {
    const Region* region = studies_[process]->image.region_at(address);
    *is_shared = region != nullptr && region->shared;
    ResourceKey key{kind, uint64_t{process} << kProcessShift | address};
    if (*is_shared) {
      const uint64_t offset = address - region->start + region->file_offset;
      const std::string file =
          region->inode != 0 ? fmt::format("{}:{}", region->device, region->inode) : region->path;
      key = common_key(kind, fmt::format("memory {} {}", file, offset));
    }
    result_.places.try_emplace(key, process, address);
    return key;
  }

  void add_wait(size_t index) {
    const Origin origin = result_.origins[index];
    if (origin.thread == SIZE_MAX) return;
    const ThreadStudy& study = studies_[origin.process]->threads[origin.thread];
    if (study.native) add_native(index, origin.process, *study.native);
    if (study.kernel) add_kernel(index, *study.kernel);
  }

  void add_native(size_t index, size_t process, const NativeWait& wait) {
    model::Wait& to = thread(index).wait;
    thread(index).waiting = true;
    to.shared = wait.shared;
    to.timed = wait.timed;
    to.reacquiring = wait.reacquiring;
    to.doubtful = wait.by_guess;
    if (wait.kind == ResourceKind::kThread) {
      to.resource = {ResourceKind::kThread, serial_of(process, wait.joins)};
      return;
    }
    bool is_shared = false;
    to.resource = memory_key(process, wait.kind, wait.address, &is_shared);
    const ResourceKey key = to.resource;
    model::Resource& resource = resources_.try_emplace(key).first->second;
    resource.key = key;
    resource.process_shared = is_shared;
    if (resource_done_.insert(key).second) add_owner(process, wait, resource);
    if (wait.kind == ResourceKind::kFutex) ++raw_futexes_;
    // Without an owner in its words, a lock that other processes share may be in anybody's hands.
    if (is_shared && wait.kind != ResourceKind::kMutex && wait.kind != ResourceKind::kRwlock)
      thread(index).wait.process_shared = true;
  }

  void add_owner(size_t process, const NativeWait& wait, model::Resource& resource) {
    if (wait.kind == ResourceKind::kGil) return add_gil_holder(process, wait.address, resource);
    if (wait.kind == ResourceKind::kOnce) return add_once_runner(process, wait.address, resource);
    // Who initialises is written nowhere.
    if (wait.kind == ResourceKind::kStaticGuard) resource.holders_unknown = true;
    const auto state = lock_state(*studies_[process]->image.memory, wait.kind, wait.address);
    if (!state || state->word == model::LockState::kFree) return;
    if (state->owner == 0) {
      resource.holders_unknown = wait.kind == ResourceKind::kRwlock && state->readers != 0;
      read_held_ += resource.holders_unknown ? 1 : 0;
      return;
    }
    const size_t owner = find_owner(process, state->owner, resource);
    if (owner == SIZE_MAX) return;
    model::Hold hold;
    hold.resource = resource.key;
    hold.observed = wait.by_shape || result_.origins[owner].thread == SIZE_MAX;
    thread(owner).holds.push_back(hold);
  }

  // A plain mutex can be unlocked by a thread that did not lock it, and there are programs in which one waits
  // for that by locking its own mutex again. Nothing was seen of their past, so it cannot be ruled out.
  void doubt_own_mutexes() {
    for (size_t i = 0; i < result_.origins.size(); ++i) {
      const model::Wait& wait = thread(i).wait;
      const Origin& origin = result_.origins[i];
      if (wait.resource.kind != ResourceKind::kMutex || !holds(thread(i), wait.resource)) continue;
      const ProcessImage& image = studies_[origin.process]->image;
      const uint64_t address = studies_[origin.process]->threads[origin.thread].native->address;
      const auto words = image.memory->value<model::MutexWords>(address);
      constexpr uint32_t kTypes = 3;
      constexpr uint32_t kErrorChecking = 2;  // glibc lets its owner alone unlock it
      if (image.threads.size() > 1 && !(words && (words->kind & kTypes) == kErrorChecking))
        thread(i).wait.doubtful = true;
    }
  }

  static bool holds(const model::Thread& thread, const ResourceKey& key) {
    return std::any_of(thread.holds.begin(), thread.holds.end(),
                       [&](const model::Hold& hold) { return hold.resource == key; });
  }

  void add_gil_holder(size_t process, uint64_t address, const model::Resource& resource) {
    finding::ResourceName name;
    name.kind = kind_name(ResourceKind::kGil);
    name.name = "the interpreter lock";
    name.stable = name.kind;
    name.address = address;
    result_.kernel_names.emplace(resource.key, name);
    for (const HeldGil& gil : studies_[process]->gils) {
      const size_t holder = gil.address == address ? find_thread(process, gil.holder) : SIZE_MAX;
      if (holder == SIZE_MAX) continue;
      model::Hold hold;
      hold.resource = resource.key;
      thread(holder).holds.push_back(hold);
    }
  }

  // Python's locks are semaphores of one unit. What a thread that runs has, it may give back any moment: it
  // counts where somebody waits for it, lest others pass for the only ones that may have it.
  void add_python_locks(size_t process) {
    const ProcessStudy& study = *studies_[process];
    if (study.python == nullptr) return;
    for (const PythonHold& each : study.python->holds()) {
      const size_t holder = find_thread(process, each.own_tid);
      if (holder == SIZE_MAX) continue;
      bool is_shared = false;
      const ResourceKey key = memory_key(process, ResourceKind::kSemaphore, each.lock.semaphore, &is_shared);
      if (!thread(holder).waiting && !resources_.contains(key)) continue;
      std::vector<model::Hold>& holds = thread(holder).holds;
      if (std::any_of(holds.begin(), holds.end(),
                      [&](const model::Hold& hold) { return hold.resource == key; }))
        continue;
      model::Resource& resource = resources_.try_emplace(key).first->second;
      resource.key = key;
      resource.initial_value = 1;
      model::Hold hold;
      hold.resource = key;
      hold.observed = true;
      holds.push_back(hold);
    }
  }

  // A once does not say who runs its routine. That thread has the once on its stack, in what the library put
  // there to give it up should the routine not come back.
  void add_once_runner(size_t process, uint64_t address, model::Resource& resource) {
    resource.holders_unknown = true;
    for (size_t i = 0; i < result_.origins.size(); ++i) {
      const Origin& origin = result_.origins[i];
      if (origin.process != process || origin.thread == SIZE_MAX) continue;
      const ThreadImage& image = studies_[process]->image.threads[origin.thread];
      if (!image.call || !has_cleanup_of(studies_[process]->image, image.call->stack_pointer, address))
        continue;
      resource.holders_unknown = false;
      model::Hold hold;
      hold.resource = resource.key;
      hold.observed = true;
      thread(i).holds.push_back(hold);
    }
  }

  // A pointer into the C library, and after it the address.
  static bool has_cleanup_of(const ProcessImage& process, uint64_t stack_pointer, uint64_t address) {
    constexpr uint64_t kMost = 256u << 10;
    const Region* stack = process.region_at(stack_pointer);
    if (stack == nullptr) return false;
    uint64_t before = 0;
    for (uint64_t at = stack_pointer & ~7ull; at < std::min(stack->end, stack_pointer + kMost); at += 8) {
      const uint64_t word = process.memory->value<uint64_t>(at).value_or(0);
      if (word == address) {
        const Region* code = process.region_at(before);
        if (code != nullptr && is_c_library(code->path)) return true;
      }
      before = word;
    }
    return false;
  }

  size_t find_thread(size_t process, uint32_t own_tid) const {
    for (size_t i = 0; i < result_.origins.size(); ++i) {
      const Origin& origin = result_.origins[i];
      if (origin.process == process && origin.thread != SIZE_MAX &&
          studies_[process]->image.threads[origin.thread].own_tid == own_tid)
        return i;
    }
    return SIZE_MAX;
  }

  uint32_t serial_of(size_t process, uint32_t own_tid) {
    const size_t found = find_thread(process, own_tid);
    return found == SIZE_MAX ? 0 : thread(found).serial;
  }

  // SIZE_MAX: in hands that are not seen.
  size_t find_owner(size_t process, uint32_t own_tid, const model::Resource& resource) {
    if (const size_t own = find_thread(process, own_tid); own != SIZE_MAX) return own;
    for (size_t p = 0; resource.process_shared && p < studies_.size(); ++p)
      if (const size_t found = find_thread(p, own_tid); found != SIZE_MAX) return found;
    const bool exists =
        studies_[process]->image.live && ::access(fmt::format("/proc/{}/stat", own_tid).c_str(), F_OK) == 0;
    if (resource.process_shared && exists) {
      outsiders_.insert(own_tid);
      return SIZE_MAX;
    }
    return add_gone_owner(process, own_tid, exists);
  }

  // The number is of no thread of this process. In the child of a fork it can be the forking thread's, which
  // lives on as the main thread under a new number and may yet give the lock back.
  size_t add_gone_owner(size_t process, uint32_t own_tid, bool exists_elsewhere) {
    const ProcessImage& image = studies_[process]->image;
    const size_t main = find_thread(process, image.own_pid);
    if (main != SIZE_MAX && thread(main).live()) {
      const ThreadStudy& study = studies_[process]->threads[result_.origins[main].thread];
      const bool sleeps_for_good = study.native && !study.native->timed;
      if (!sleeps_for_good) return SIZE_MAX;
    }
    model::Thread gone;
    gone.process = static_cast<uint32_t>(process);
    gone.slot = gone.serial = static_cast<uint32_t>(result_.snapshot.threads.size() + 1);
    gone.tid = own_tid;
    gone.state = exists_elsewhere ? record::ThreadState::kLeftBehindByFork : record::ThreadState::kEnded;
    result_.snapshot.threads.push_back(gone);
    result_.origins.push_back({process, SIZE_MAX});
    return result_.origins.size() - 1;
  }

  void add_kernel(size_t index, const KernelWait& wait) {
    model::Wait& to = thread(index).wait;
    thread(index).waiting = true;
    to.resource = common_key(wait.kind, wait.identity);
    to.timed = wait.timed;
    to.doubtful = wait.unseen_parties || handles_signals(studies_[result_.origins[index].process]->image);
    finding::ResourceName name;
    name.name = wait.name;
    name.stable = wait.stable;
    name.kind = kind_name(wait.kind);
    result_.kernel_names.emplace(to.resource, name);
    // With one of those who could end it unseen, nobody is known to hold it, and it is taken to end.
    for (const uint32_t pid : wait.parties)
      if (!is_studied(pid)) outsiders_.insert(pid);
    if (std::all_of(wait.parties.begin(), wait.parties.end(), [&](uint32_t pid) { return is_studied(pid); }))
      give_to_parties(to.resource, wait);
  }

  bool is_studied(uint32_t pid) const {
    return std::any_of(studies_.begin(), studies_.end(),
                       [&](const auto& study) { return study->image.pid == pid; });
  }

  void give_to_parties(const ResourceKey& key, const KernelWait& wait) {
    for (model::Thread& holder : result_.snapshot.threads) {
      const uint32_t pid = studies_[holder.process]->image.pid;
      const bool is_party = std::find(wait.parties.begin(), wait.parties.end(), pid) != wait.parties.end();
      if (!is_party || holds(holder, key) || !holder.live()) continue;
      model::Hold hold;
      hold.resource = key;
      hold.observed = wait.observed;
      holder.holds.push_back(hold);
    }
  }

  void tell_unseen() {
    if (raw_futexes_ != 0)
      result_.unseen.push_back(
          {"waits on raw futex words", raw_futexes_,
           "locks built on the futex system call, and those of other C libraries, do not tell who "
           "holds them",
           "a deadlock through one of them is not found"});
    if (read_held_ != 0)
      result_.unseen.push_back(
          {"read locks without names", read_held_,
           "a read-write lock counts its readers and does not say who they are",
           "a deadlock through a reader is found only when its whole process is stuck; gordian run "
           "sees the readers"});
    for (const auto& study : studies_)
      if (!study->python_problem.empty())
        result_.unseen.push_back({"Python's frames and locks", 1, study->python_problem,
                                  "its threads are shown without Python frames, and a deadlock through the "
                                  "interpreter lock or a threading.Lock is found only when the whole "
                                  "process is stuck"});
    if (!outsiders_.empty()) {
      std::string pids;
      for (const uint32_t pid : outsiders_) pids += (pids.empty() ? "" : ", ") + std::to_string(pid);
      result_.unseen.push_back(
          {"processes that were not looked at", outsiders_.size(),
           "threads wait for what processes " + pids + " can do or have",
           "name them too (gordian inspect PID PID ..., or --children): then a cycle through them "
           "is found"});
    }
  }

  const Studies& studies_;
  GroupSnapshot result_;
  std::map<std::string, uint64_t> common_;
  std::map<ResourceKey, model::Resource> resources_;
  std::set<ResourceKey> resource_done_;
  std::set<uint32_t> outsiders_;
  size_t raw_futexes_ = 0;
  size_t read_held_ = 0;
};

}  // namespace

GroupSnapshot group_snapshot(const Studies& studies) {
  return Builder(studies).build();
}

}  // namespace gordian::capture
