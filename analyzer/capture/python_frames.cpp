#include "analyzer/capture/python_frames.h"

#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "analyzer/capture/python_layout.h"
#include "analyzer/capture/python_memory.h"
#include "analyzer/capture/python_process.h"
#include "analyzer/capture/python_stack.h"

namespace gordian::capture {
namespace {

constexpr size_t kMostInterpreters = 256;
constexpr size_t kMostThreads = 100'000;

// The thread states of all interpreters of the process.
std::vector<uint64_t> thread_states(PythonMemory& memory, const PythonLayout& layout, uint64_t runtime) {
  std::vector<uint64_t> threads;
  std::set<uint64_t> seen;
  auto interpreter = memory.value<uint64_t>(runtime + layout.first_interpreter);
  for (size_t i = 0; interpreter && *interpreter != 0 && i < kMostInterpreters; ++i) {
    auto thread = memory.value<uint64_t>(*interpreter + layout.first_thread);
    while (thread && *thread != 0 && threads.size() < kMostThreads && seen.insert(*thread).second) {
      threads.push_back(*thread);
      thread = memory.value<uint64_t>(*thread + layout.next_thread);
    }
    interpreter = memory.value<uint64_t>(*interpreter + layout.next_interpreter);
  }
  return threads;
}

// Only the thread that forks lives on in the child, and some releases leave it the id that it had in the
// parent.
std::optional<uint32_t> thread_of(uint64_t state, size_t states, const std::map<uint64_t, uint32_t>& threads,
                                  PythonMemory& memory, const PythonLayout& layout) {
  const auto native = memory.value<uint64_t>(state + layout.native_thread_id);
  if (!native) return std::nullopt;
  const auto tid = threads.find(*native);
  if (tid != threads.end()) return tid->second;
  if (states == 1 && threads.size() == 1) return threads.begin()->second;
  return std::nullopt;
}

}  // namespace

PythonFrames read_python_frames(uint32_t pid) {
  PythonFrames result;
  PythonMemory memory(pid);
  const std::optional<PythonRuntime> runtime = find_python_runtime(pid, memory, &result.reason);
  if (!runtime) return result;
  const std::optional<PythonLayout> layout =
      python_layout(runtime->version, runtime->address, memory, &result.reason);
  if (!layout) return result;
  const std::map<uint64_t, uint32_t> threads = native_threads(pid);
  PythonStackReader reader(memory, *layout);
  const std::vector<uint64_t> states = thread_states(memory, *layout, runtime->address);
  for (uint64_t state : states) {
    const std::optional<uint32_t> tid = thread_of(state, states.size(), threads, memory, *layout);
    if (!tid) continue;  // torn, or not attached to a thread any more
    std::optional<finding::Stack> stack = reader.stack_of(state);
    if (stack && !stack->empty()) result.by_tid[*tid] = std::move(*stack);
  }
  if (!result.by_tid.empty()) return result;
  result.reason = "CPython " + python_version_text(runtime->version) + ": ";
  if (states.empty()) {
    result.reason += "no thread of the interpreter could be read (not started yet, or ending)";
  } else {
    result.reason += "none of " + std::to_string(states.size()) +
                     " threads has Python frames that could be read (they run no Python, or kept changing)";
  }
  return result;
}

}  // namespace gordian::capture
