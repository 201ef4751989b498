#include "analyzer/capture/process/interpreter.h"

#include <algorithm>
#include <set>
#include <utility>

#include "analyzer/capture/process/live_memory.h"

namespace gordian::capture {
namespace {

// Inside of a `with`, Condition.wait gives its lock back and takes it again at the end.
bool is_in_condition(const PythonFrame& innermost) {
  return innermost.code != nullptr && innermost.code->frame.function == "Condition.wait" &&
         innermost.code->frame.file.ends_with("threading.py");
}

// A Lock has one holder at a time. Of two whose `with` says so, the one that waits on a condition is not it.
void drop_given_back(std::vector<PythonHold>& holds, const std::set<uint32_t>& in_conditions) {
  std::set<uint64_t> held_otherwise;
  for (const PythonHold& hold : holds)
    if (!in_conditions.contains(hold.own_tid)) held_otherwise.insert(hold.lock.semaphore);
  std::erase_if(holds, [&](const PythonHold& hold) {
    return !hold.lock.recursive && in_conditions.contains(hold.own_tid) &&
           held_otherwise.contains(hold.lock.semaphore);
  });
}

}  // namespace

std::unique_ptr<Interpreter> Interpreter::find(const ProcessImage& process, std::string* problem) {
  std::unique_ptr<Memory> fresh;
  if (process.live) fresh = std::make_unique<FreshMemory>(process.speaker);
  PythonMemory memory(fresh != nullptr ? *fresh : *process.memory);
  const PythonSearch search = find_python_runtime(process, memory);
  *problem = search.problem;
  if (!search.runtime) return nullptr;
  const auto layout = python_layout(search.runtime->version, search.runtime->address, memory, problem);
  if (!layout) return nullptr;
  return std::make_unique<Interpreter>(process, std::move(fresh), *search.runtime, *layout);
}

Interpreter::Interpreter(const ProcessImage& process, std::unique_ptr<Memory> fresh,
                         const PythonRuntime& runtime, const PythonLayout& layout)
    : process_(process),
      fresh_(std::move(fresh)),
      memory_(fresh_ != nullptr ? *fresh_ : *process.memory),
      runtime_(runtime),
      layout_(layout) {}

void Interpreter::read_threads(const std::map<uint32_t, uint64_t>& semaphores) {
  frames_.clear();
  holds_.clear();
  threads_ =
      python_threads(process_, memory_, layout_, python_interpreters(memory_, layout_, runtime_.address));
  PythonStackReader reader(memory_, layout_);
  std::vector<PythonHold> awaited;
  std::set<uint32_t> in_conditions;
  for (const PythonThread& thread : threads_) {
    if (thread.own_tid == 0) continue;
    const std::optional<std::vector<PythonFrame>> frames = reader.frames_of(thread.state);
    if (!frames || frames->empty()) continue;
    frames_[thread.own_tid] = shown(*frames);
    const auto waits = semaphores.find(thread.own_tid);
    const uint64_t semaphore = waits == semaphores.end() ? 0 : waits->second;
    if (is_in_condition(frames->front())) in_conditions.insert(thread.own_tid);
    for (PythonHold& hold : python_with_locks(memory_, layout_, thread, *frames))
      if (hold.lock.recursive || hold.lock.semaphore != semaphore) holds_.push_back(std::move(hold));
    if (semaphore != 0) add_awaited(frames->front(), semaphore, awaited);
  }
  drop_given_back(holds_, in_conditions);
  holds_.insert(holds_.end(), awaited.begin(), awaited.end());
}

// An RLock that was taken without a `with` is found with the one who waits for it.
void Interpreter::add_awaited(const PythonFrame& innermost, uint64_t semaphore,
                              std::vector<PythonHold>& holds) {
  const std::optional<PythonLock> lock = awaited_rlock(memory_, layout_, innermost, semaphore);
  if (!lock) return;
  const auto owner = std::find_if(threads_.begin(), threads_.end(), [&](const PythonThread& thread) {
    return thread.identifier == lock->owner && thread.own_tid != 0;
  });
  if (owner != threads_.end()) holds.push_back({owner->own_tid, *lock, {}});
}

const finding::Stack* Interpreter::frames_of(uint32_t own_tid) const {
  const auto found = frames_.find(own_tid);
  return found == frames_.end() ? nullptr : &found->second;
}

std::string Interpreter::why_no_frames() const {
  if (!frames_.empty()) return {};
  const std::string reason = "CPython " + python_version_text(runtime_.version) + ": ";
  if (threads_.empty())
    return reason + "no thread of the interpreter could be read (not started yet, or ending)";
  return reason + "none of " + std::to_string(threads_.size()) +
         " threads has Python frames that could be read (they run no Python, or kept changing)";
}

std::vector<PythonGil> Interpreter::gils() {
  return python_gils(memory_, layout_, runtime_.address,
                     python_interpreters(memory_, layout_, runtime_.address));
}

uint32_t Interpreter::thread_of(uint64_t state) {
  const auto threads =
      python_threads(process_, memory_, layout_, python_interpreters(memory_, layout_, runtime_.address));
  const auto found = std::find_if(threads.begin(), threads.end(),
                                  [&](const PythonThread& thread) { return thread.state == state; });
  return found == threads.end() ? 0 : found->own_tid;
}

}  // namespace gordian::capture
