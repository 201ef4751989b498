#include "runtime-hooks/judge/publish.h"

#include <algorithm>

#include "runtime-hooks/judge/finding_table.h"
#include "runtime-hooks/judge/kernel_wait.h"
#include "runtime-hooks/judge/plain_text.h"
#include "runtime-hooks/judge/waiting_stack.h"
#include "runtime-hooks/options.h"

namespace gordian::hooks {

using model::Snapshot;
using model::Thread;
using record::FindingRecord;
using record::Rule;

namespace {

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
    // A wrong call explains no wait.
    if (record::is_misuse(static_cast<Rule>(finding.rule))) continue;
    // A stuck thread is told once under a rule; and a stall that a cycle explains is not told besides.
    if (finding.rule != static_cast<uint16_t>(verdict.rule) && !is_soft(verdict.rule)) continue;
    for (const verdict::Member& member : verdict.members)
      if (names_thread(finding, snapshot.threads[member.thread.value])) return true;
  }
  return false;
}

bool is_stuck(const Thread& thread) {
  for (uint32_t i = 0; i < runtime.header().finding_count && i < record::kMaxFindings; ++i) {
    const FindingRecord& finding = runtime.finding(i);
    if (!record::is_misuse(static_cast<Rule>(finding.rule)) && names_thread(finding, thread)) return true;
  }
  return false;
}

void publish(const Snapshot& snapshot, const verdict::Verdict& verdict) {
  FindingRecord* claimed = claim_finding();
  if (claimed == nullptr) return;
  FindingRecord& finding = *claimed;
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
  publish_finding(finding);
  if (tell_launcher()) return;
  if (!runtime.options().quiet) print_finding(finding);
  act_on_finding(finding);
}

}  // namespace gordian::hooks
