#include "analyzer/capture/process/study.h"

#include <algorithm>
#include <map>
#include <utility>

#include "analyzer/capture/function_names.h"
#include "analyzer/capture/process/live_image.h"
#include "analyzer/capture/process/registers.h"

namespace gordian::capture {
namespace {

constexpr size_t kInnermost = 8;  // frames among which a wait's entry point is found

std::vector<symbols::Mapping> mappings_of(const ProcessImage& process) {
  std::vector<symbols::Mapping> mappings;
  for (const Region& region : process.regions) {
    if (region.path.empty() || region.path.front() != '/') continue;
    symbols::Mapping& mapping = mappings.emplace_back();
    mapping.start = region.start;
    mapping.end = region.end;
    mapping.file_offset = region.file_offset;
    mapping.path = region.path;
    mapping.open_at = region.open_at;
  }
  return mappings;
}

NativeWait wait_for_gil(const HeldGil& gil) {
  NativeWait wait;
  wait.kind = model::ResourceKind::kGil;
  wait.address = gil.address;
  return wait;
}

std::vector<WaitFrame> innermost_frames(const UnwoundStack& stack, AddressNames& names) {
  std::vector<WaitFrame> frames;
  for (size_t i = 0; i < std::min(stack.addresses.size(), kInnermost); ++i) {
    const finding::Frame& frame = names.resolve(stack.addresses[i], i != 0).back();
    frames.push_back({frame.function, is_c_library(frame.module)});
  }
  return frames;
}

}  // namespace

ProcessStudy::ProcessStudy(ProcessImage process)
    : image(std::move(process)),
      library(c_library_of(image)),
      names(std::make_unique<SymbolizerNames>(mappings_of(image))),
      unwinder(std::make_unique<Unwinder>(image)),
      python(Interpreter::find(image, &python_problem)) {}

void ProcessStudy::read_wait(ThreadStudy& study, const ThreadImage& thread) {
  if (!thread.call) return;
  if (is_futex_wait(*thread.call)) {
    study.native = native_wait(image, *thread.call, innermost_frames(study.stack, *names), library);
  } else if (image.live) {
    study.kernel = kernel_wait(image, thread, open_files);
  }
}

void ProcessStudy::read_threads() {
  threads.clear();
  for (const ThreadImage& thread : image.threads) {
    ThreadStudy& study = threads.emplace_back();
    if (thread.registers)
      study.stack = unwinder->unwind(*thread.registers);
    else if (thread.call)
      study.stack = unwinder->unwind(registers_at(*thread.call));
    read_wait(study, thread);
  }
  if (python != nullptr) read_python();
}

void ProcessStudy::read_python() {
  std::map<uint32_t, uint64_t> semaphores;
  for (size_t i = 0; i < threads.size(); ++i)
    if (threads[i].native && threads[i].native->kind == model::ResourceKind::kSemaphore)
      semaphores.emplace(image.threads[i].own_tid, threads[i].native->address);
  python->read_threads(semaphores);
  if (image.live) return;
  keep_gils(held_gils(*python, image, library));
  for (size_t i = 0; i < threads.size(); ++i)
    if (const HeldGil* gil = gil_awaited_by(image.threads[i])) threads[i].native = wait_for_gil(*gil);
}

// A lock whose holder moved may have been free meanwhile.
void ProcessStudy::keep_gils(std::vector<HeldGil> held) {
  gils = std::move(held);
  std::erase_if(gils, [&](const HeldGil& gil) {
    const ThreadImage* holder = image.thread_with_own_tid(gil.holder);
    return holder == nullptr || !holder->steady;
  });
}

const HeldGil* ProcessStudy::gil_awaited_by(const ThreadImage& thread) const {
  const auto found = std::find_if(gils.begin(), gils.end(),
                                  [&](const HeldGil& gil) { return gil.waiters.contains(thread.own_tid); });
  return found == gils.end() || thread.ended() ? nullptr : &*found;
}

void ProcessStudy::keep_steady() {
  const std::vector<ThreadImage> before = image.threads;
  std::vector<ThreadStudy> studies = std::move(threads);
  std::vector<HeldGil> held = python == nullptr ? std::vector<HeldGil>() : held_gils(*python, image, library);
  look_again(image);
  keep_gils(std::move(held));
  threads.clear();
  for (const ThreadImage& thread : image.threads) {
    ThreadStudy& study = threads.emplace_back();
    const auto same = std::find_if(before.begin(), before.end(),
                                   [&](const ThreadImage& each) { return each.tid == thread.tid; });
    if (same == before.end()) continue;
    study = std::move(studies[static_cast<size_t>(same - before.begin())]);
    if (const HeldGil* gil = gil_awaited_by(thread)) {
      study.native = wait_for_gil(*gil);
      study.kernel.reset();
      if (study.stack.addresses.empty() && thread.call)  // it was awake in the first look
        study.stack = unwinder->unwind(registers_at(*thread.call));
      continue;
    }
    if (thread.steady) continue;
    study.native.reset();
    study.kernel.reset();
    if (!thread.call) study.stack = {};
  }
}

void ProcessStudy::resolve_guesses(BriefStop& stop) {
  for (size_t i = 0; i < threads.size(); ++i) {
    std::optional<NativeWait>& wait = threads[i].native;
    if (!wait || !wait->by_guess) continue;
    ThreadImage& thread = image.threads[i];
    const bool known = thread.registers.has_value() || (image.live && stop.read_registers(image, thread));
    if (known) wait->address = refused_mutex(image, *thread.registers);
    if (wait->address != 0) continue;
    wait->kind = model::ResourceKind::kFutex;
    wait->address = thread.call->arguments[0];
    wait->by_guess = false;
  }
}

void ProcessStudy::complete_stacks(BriefStop& stop, const std::vector<uint32_t>& running_holders) {
  forget_memory(image);
  // The time for stops may run out: first those that matter most.
  for (const bool first : {true, false}) {
    for (size_t i = 0; i < threads.size(); ++i) {
      ThreadImage& thread = image.threads[i];
      const bool holds_and_runs =
          std::find(running_holders.begin(), running_holders.end(), thread.tid) != running_holders.end();
      if (first != (holds_and_runs || threads[i].waits()) || threads[i].stack.complete) continue;
      if ((!thread.call && !holds_and_runs) || !stop.read_registers(image, thread)) continue;
      UnwoundStack stack = unwinder->unwind(*thread.registers);
      if (stack.addresses.size() >= threads[i].stack.addresses.size()) threads[i].stack = std::move(stack);
    }
  }
}

}  // namespace gordian::capture
