#include "runtime-hooks/judge/publish.h"

#include <algorithm>

#include "runtime-hooks/judge/kernel_wait.h"
#include "runtime-hooks/judge/plain_text.h"
#include "runtime-hooks/modules.h"
#include "runtime-hooks/options.h"
#include "runtime-hooks/unwind.h"

namespace gordian::hooks {

using model::Snapshot;
using model::Thread;
using record::FindingRecord;
using record::Rule;

namespace {

constinit ForeignStack foreign_stack{0, false, {}};  // one page of somebody's stack; under the judge's lock

// Once per wait: the frames stay in the thread's record for as long as it waits.
void capture_stack(ThreadRecord& thread, uint64_t attempts) {
  if (thread.frames_attempt == attempts && thread.frame_count > 0) return;
  Registers registers{};
  if (thread.wait_attempt == attempts && thread.registers[0 + Registers::kPacked - 1] != 0) {
    registers.unpack(thread.registers);
  } else {
    // It blocked where the lock had looked free, so nothing was captured. Inside libc's wait these two are
    // enough to begin with.
    const KernelWait kernel = kernel_wait(thread.tid);
    if (!kernel.in_futex) return;
    registers.value[Registers::kStackPointer] = kernel.stack_pointer;
    registers.value[Registers::kProgramCounter] = kernel.program_counter;
  }
  foreign_stack.valid = false;
  const uint32_t wanted =
      runtime.options().stack_depth < record::kMaxFrames ? runtime.options().stack_depth : record::kMaxFrames;
  const UnwindResult result =
      unwind(registers, &ForeignStack::read, &foreign_stack, thread.frames, wanted < 4 ? 4 : wanted);
  if (__atomic_load_n(&thread.progress, __ATOMIC_ACQUIRE) >> 16 != attempts) return;
  thread.frame_count = result.count;
  thread.frames_truncated = result.truncated ? 1 : 0;
  __atomic_store_n(&thread.frames_attempt, attempts, __ATOMIC_RELEASE);
}

void describe(const Snapshot& snapshot, const verdict::Member& member, record::Member& out) {
  const Thread& thread = snapshot.threads[member.thread.value];
  out = {};
  out.slot = thread.slot;
  out.serial = thread.serial;
  out.progress = thread.progress;
  out.waits_for = thread.wait.resource.address;
  out.kind = static_cast<uint8_t>(thread.wait.resource.kind);
  out.link = static_cast<uint8_t>(member.link);
  out.timed = thread.wait.timed ? 1 : 0;
  out.phase = thread.wait.reacquiring ? 1 : 0;
  if (member.holder.valid()) {
    const Thread& holder = snapshot.threads[member.holder.value];
    out.held_by_slot = holder.slot;
    out.held_by_serial = holder.serial;
    out.held_by_tid = holder.tid;
  }
}

bool names_thread(const FindingRecord& finding, const Thread& thread) {
  const uint32_t count = std::min(finding.member_count, record::kMaxMembers);
  return std::any_of(finding.members, finding.members + count, [&](const record::Member& member) {
    return member.serial == thread.serial &&
           record::progress_attempts(member.progress) == record::progress_attempts(thread.progress);
  });
}

bool is_soft(Rule rule) {
  return rule == Rule::kGlobalStall || rule == Rule::kLostWakeup;
}

}  // namespace

bool already_told(const Snapshot& snapshot, const verdict::Verdict& verdict) {
  for (uint32_t i = 0; i < runtime.header().finding_count && i < record::kMaxFindings; ++i) {
    const FindingRecord& finding = runtime.finding(i);
    // A stuck thread is told once under a rule; and a stall that a cycle explains is not told besides.
    if (finding.rule != static_cast<uint16_t>(verdict.rule) && !is_soft(verdict.rule)) continue;
    for (const verdict::Member& member : verdict.members)
      if (names_thread(finding, snapshot.threads[member.thread.value])) return true;
  }
  return false;
}

void publish(const Snapshot& snapshot, const verdict::Verdict& verdict) {
  auto& header = runtime.header();
  const uint32_t index = header.finding_count;
  const uint64_t begin = record::kFindingOffset + index * sizeof(FindingRecord);
  if (index >= record::kMaxFindings || !runtime.reserve(begin, begin + sizeof(FindingRecord))) {
    runtime.count(Unseen::kFindings);
    return;
  }
  FindingRecord& finding = runtime.finding(index);
  finding.rule = static_cast<uint16_t>(verdict.rule);
  finding.grade = static_cast<uint16_t>(verdict.grade);
  finding.closed_at_ns = verdict.closed_at_ns;
  finding.member_count = static_cast<uint32_t>(std::min<size_t>(verdict.members.size(), record::kMaxMembers));
  finding.members_dropped = static_cast<uint32_t>(verdict.members.size()) - finding.member_count;
  finding.behind_count = verdict.behind;
  finding.live_threads = runtime.live_threads.load(std::memory_order_relaxed);
  finding.unknown_threads = snapshot.outside.unknown_threads;
  finding.signal_handlers = snapshot.outside.signal_handlers;
  for (uint32_t i = 0; i < finding.member_count; ++i) {
    describe(snapshot, verdict.members[i], finding.members[i]);
    ThreadRecord& thread = runtime.thread(finding.members[i].slot);
    capture_stack(thread, record::progress_attempts(finding.members[i].progress));
    read_thread_name(thread.tid, thread.name);
  }
  {
    CriticalSection section;
    refresh_modules();
  }
  finding.told_at_ns = now_ns();
  __atomic_store_n(&finding.published, 1, __ATOMIC_RELEASE);
  __atomic_store_n(&header.finding_count, index + 1, __ATOMIC_RELEASE);
  if (tell_launcher()) return;
  if (!runtime.options().quiet) print_finding(finding);
  act_on_finding(finding);
}

}  // namespace gordian::hooks
