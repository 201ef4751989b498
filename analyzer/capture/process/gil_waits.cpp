#include "analyzer/capture/process/gil_waits.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <thread>

#include "analyzer/capture/process/native_wait.h"
#include "analyzer/capture/process/proc_files.h"

namespace gordian::capture {
namespace {

constexpr int kMostLooks = 20;
constexpr int kMostReads = 100;
constexpr std::chrono::milliseconds kBetweenLooks{1};

struct Watched {
  PythonGil gil;
  HeldGil held;
};

// Somebody may be at work on a lock, for an instant at most.
std::vector<PythonGil> settled_gils(Interpreter& interpreter, const ProcessImage& process) {
  std::vector<PythonGil> gils = interpreter.gils();
  const auto is_settled = [](const PythonGil& gil) { return gil.settled; };
  for (int i = 1; process.live && i < kMostReads && !std::all_of(gils.begin(), gils.end(), is_settled); ++i)
    gils = interpreter.gils();
  std::erase_if(gils, [&](const PythonGil& gil) { return !gil.settled; });
  return gils;
}

std::optional<SystemCall> call_now(const ProcessImage& process, const ThreadImage& thread) {
  if (!process.live) return thread.call;
  return proc::parse_syscall(proc::text_of("/proc/" + std::to_string(process.pid) + "/task/" +
                                           std::to_string(thread.tid) + "/syscall"));
}

// Those whose holder sleeps in a call, so that the lock does not move.
std::vector<Watched> locked_by_sleepers(Interpreter& interpreter, const ProcessImage& process) {
  std::vector<Watched> watched;
  for (const PythonGil& gil : settled_gils(interpreter, process)) {
    if (!gil.locked) continue;
    const uint32_t holder = interpreter.thread_of(gil.holder);
    const ThreadImage* thread = holder == 0 ? nullptr : process.thread_with_own_tid(holder);
    if (thread != nullptr && thread->call) watched.push_back({gil, {gil.address, holder, {}}});
  }
  return watched;
}

// True when each thread that may wait for one of the locks was seen to.
bool look(const ProcessImage& process, const CLibrary& library, std::vector<Watched>& watched) {
  bool all_seen = true;
  for (const ThreadImage& thread : process.threads) {
    const std::optional<SystemCall> call = call_now(process, thread);
    bool is_seen = call && call == thread.call;  // sleeps on, in whatever it was
    for (Watched& each : watched) {
      if (thread.own_tid == each.held.holder) continue;
      if (call && naps_on(*call, each.gil.condition, library)) each.held.waiters.insert(thread.own_tid);
      is_seen = is_seen || each.held.waiters.contains(thread.own_tid);
    }
    all_seen = all_seen && (is_seen || thread.ended());
  }
  return all_seen;
}

}  // namespace

bool naps_on(const SystemCall& call, uint64_t condition, const CLibrary& library) {
  if (!is_futex_wait(call) || call.arguments[3] == 0) return false;
  const uint64_t signals = condition + library.condition_signals();
  return call.arguments[0] == signals || call.arguments[0] == signals + 4;
}

std::vector<HeldGil> held_gils(Interpreter& interpreter, const ProcessImage& process,
                               const CLibrary& library) {
  if (!library.is_glibc) return {};
  std::vector<Watched> watched = locked_by_sleepers(interpreter, process);
  if (watched.empty()) return {};
  const int looks = process.live ? kMostLooks : 1;
  for (int i = 0; i < looks && !look(process, library, watched); ++i)
    if (process.live) std::this_thread::sleep_for(kBetweenLooks);
  const std::vector<PythonGil> after = settled_gils(interpreter, process);
  std::vector<HeldGil> held;
  for (Watched& each : watched)
    if (std::find(after.begin(), after.end(), each.gil) != after.end()) held.push_back(std::move(each.held));
  return held;
}

}  // namespace gordian::capture
