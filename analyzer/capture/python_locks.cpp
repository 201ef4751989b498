#include "analyzer/capture/python_locks.h"

#include <algorithm>

#include "analyzer/model/lock_words.h"

namespace gordian::capture {
namespace {

constexpr uint64_t kSlot = 8;

uint64_t slot(PythonMemory& memory, const PythonLayout& layout, const PythonFrame& frame, uint32_t index) {
  return memory.value<uint64_t>(frame.address + layout.frame_slots + index * kSlot).value_or(0);
}

bool is_bound_method(PythonMemory& memory, const PythonLayout& layout, uint64_t object) {
  return object != 0 && memory.is_of_type(layout, object, "builtin_function_or_method");
}

bool is_exit(PythonMemory& memory, uint64_t method) {
  const auto definition = memory.value<uint64_t>(method + PythonLayout::kMethodDefinition);
  const auto name = definition ? memory.value<uint64_t>(*definition) : std::nullopt;
  return name && memory.c_string(*name) == "__exit__";
}

uint64_t self_of(PythonMemory& memory, uint64_t method) {
  return memory.value<uint64_t>(method + PythonLayout::kMethodSelf).value_or(0);
}

finding::Stack taken_at(const std::vector<PythonFrame>& frames, size_t index, int64_t instruction) {
  finding::Stack stack = shown({frames.begin() + static_cast<std::ptrdiff_t>(index), frames.end()});
  if (instruction >= 0) stack.front() = frames[index].code->at(instruction);
  return stack;
}

}  // namespace

std::optional<PythonLock> python_lock(PythonMemory& memory, const PythonLayout& layout, uint64_t object) {
  if (object == 0) return std::nullopt;
  PythonLock lock;
  lock.recursive = memory.is_of_type(layout, object, "_thread.RLock");
  if (!lock.recursive && !memory.is_of_type(layout, object, "_thread.lock")) return std::nullopt;
  lock.semaphore = memory.value<uint64_t>(object + PythonLayout::kLockSemaphore).value_or(0);
  const auto words = memory.value<model::SemaphoreWords>(lock.semaphore);
  if (!words) return std::nullopt;
  lock.taken = words->value == 0;
  if (!lock.recursive || !lock.taken) return lock;
  if (memory.value<uint64_t>(object + PythonLayout::kRecursiveCount).value_or(0) != 0)
    lock.owner = memory.value<uint64_t>(object + PythonLayout::kRecursiveOwner).value_or(0);
  return lock;
}

std::vector<PythonHold> python_with_locks(PythonMemory& memory, const PythonLayout& layout,
                                          const PythonThread& thread,
                                          const std::vector<PythonFrame>& frames) {
  std::vector<PythonHold> holds;
  for (size_t i = frames.size(); i-- > 0;) {
    const PythonFrame& frame = frames[i];
    if (frame.code == nullptr) continue;
    const PythonHandler* handler = handler_at(frame.code->handlers, frame.instruction);
    const uint32_t depth = handler == nullptr ? 0 : std::min(handler->depth, frame.code->stack_size);
    for (uint32_t at = 0; at < depth; ++at) {
      const uint64_t method = slot(memory, layout, frame, frame.code->local_count + at);
      if (!is_bound_method(memory, layout, method) || !is_exit(memory, method)) continue;
      const auto lock = python_lock(memory, layout, self_of(memory, method));
      if (!lock || !lock->taken || (lock->recursive && lock->owner != thread.identifier)) continue;
      const int64_t entered = entered_at(frame.code->handlers, frame.instruction, at + 1);
      holds.push_back({thread.own_tid, *lock, taken_at(frames, i, entered)});
    }
  }
  return holds;
}

std::optional<PythonLock> awaited_rlock(PythonMemory& memory, const PythonLayout& layout,
                                        const PythonFrame& innermost, uint64_t semaphore) {
  if (innermost.code == nullptr) return std::nullopt;
  const uint32_t count = innermost.code->local_count + innermost.code->stack_size;
  for (uint32_t at = 0; at < count; ++at) {
    uint64_t object = slot(memory, layout, innermost, at);
    if (is_bound_method(memory, layout, object)) object = self_of(memory, object);
    const auto lock = python_lock(memory, layout, object);
    if (lock && lock->recursive && lock->semaphore == semaphore && lock->owner != 0) return lock;
  }
  return std::nullopt;
}

}  // namespace gordian::capture
