#include "runtime-hooks/fork.h"

#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

namespace {

struct Forking {
  bool active;
  ThreadRecord* self;
  ThreadRecord* threads;
  uint64_t size;
};
constinit thread_local Forking forking __attribute__((tls_model("initial-exec"))) = {};

// Threads without an entry hand down who they are, and no more.
void copy_threads() {
  const uint32_t slots = runtime.thread_slots();
  forking.size = uint64_t{slots} * sizeof(ThreadRecord);
  forking.threads = static_cast<ThreadRecord*>(
      kernel::map(nullptr, forking.size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1));
  if (forking.threads == nullptr) return;
  for (uint32_t slot = 0; slot < slots; ++slot) {
    const ThreadRecord& from = runtime.thread(slot);
    ThreadRecord& to = forking.threads[slot];
    const uint32_t depth = record::progress_depth(__atomic_load_n(&from.progress, __ATOMIC_ACQUIRE));
    if (__atomic_load_n(&from.state, __ATOMIC_ACQUIRE) == 0) continue;
    __builtin_memcpy(&to, &from, offsetof(ThreadRecord, frames));
    __builtin_memcpy(to.holds, from.holds,
                     (depth < record::kInlineHolds ? depth : record::kInlineHolds) * sizeof(Hold));
  }
}

void end() {
  if (forking.threads != nullptr) kernel::unmap(forking.threads, forking.size);
  local.attaching = false;
  forking = {};
}

}  // namespace

void fork_begins() {
  if (!runtime.ready() || runtime.has_retreated() || forking.active || local.attaching) return;
  forking = {true, local.record, nullptr, 0};
  const bool idle = forking.self == nullptr || record::progress_depth(forking.self->progress) == 0;
  if (!idle || runtime.live_threads.load(std::memory_order_relaxed) > 1) copy_threads();
  local.record = nullptr;
  local.attaching = true;
}

void fork_over_in_parent() {
  if (!forking.active) return;
  local.record = forking.self;
  end();
}

void fork_over_in_child() {
  if (!forking.active) {
    if (runtime.has_retreated()) runtime.after_fork_in_child();
    return;
  }
  local.record = forking.self;
  runtime.after_fork_in_child();
  end();
}

ThreadsAtFork threads_at_fork() {
  return {forking.threads, static_cast<uint32_t>(forking.size / sizeof(ThreadRecord))};
}

}  // namespace gordian::hooks
