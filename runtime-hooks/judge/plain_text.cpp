#include "runtime-hooks/judge/plain_text.h"

#include "runtime-hooks/judge/plain_names.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/runtime.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {

using record::FindingRecord;
using record::Grade;
using record::Link;
using record::Member;
using record::Rule;

namespace {

constinit Line line;  // under the judge's lock

void print_member(const Member& member) {
  const ThreadRecord& thread = runtime.thread(member.slot);
  line.add("  ");
  add_thread(line, thread);
  line.add(" waits for ");
  add_resource(line, static_cast<ResourceKind>(member.kind), member.waits_for);
  line.write_to_stderr();
  const auto link = static_cast<Link>(member.link);
  if (member.held_by_serial != 0) {
    line.add(", which is held by ");
    if (member.held_by_serial == member.serial)
      line.add("itself");
    else
      add_thread(line, runtime.thread(member.held_by_slot));
    if (link == Link::kEnded) line.add(", which has ended");
    if (link == Link::kLeftBehind) line.add(", which fork left behind");
    if (link == Link::kObservedHolder) line.add(", which took it and has not given it back");
    if (link == Link::kSignaller || link == Link::kCouldSignal) line.add(" from signalling");
  }
  line.add("\n").write_to_stderr();
  print_frames(line, thread.frames, thread.frame_count);
  const uint32_t depth = record::progress_depth(thread.progress);
  for (uint32_t i = 0; i < depth; ++i) {
    const Hold* entry = entry_at(&thread, i);
    if (entry == nullptr || record::word_status(entry->word) != HoldStatus::kHeld) continue;
    line.add("    holds ");
    add_resource(line, record::word_kind(entry->word), record::word_address(entry->word));
    line.add("\n      taken at ");
    add_acquisition(line, *entry);
    line.add("\n").write_to_stderr();
  }
}

}  // namespace

void print_finding(const FindingRecord& finding) {
  line.clear();
  line.add("gordian: ").add(name_of(static_cast<Rule>(finding.rule))).add(", ");
  line.add(name_of(static_cast<Grade>(finding.grade))).add(", in process ").add(kernel::process_id());
  line.add(": ")
      .add(finding.member_count + finding.members_dropped)
      .add(" thread(s) can never go on\n")
      .write_to_stderr();
  for (uint32_t i = 0; i < finding.member_count; ++i) print_member(finding.members[i]);
  if (finding.members_dropped > 0)
    line.add("  and ").add(finding.members_dropped).add(" more\n").write_to_stderr();
  if (finding.behind_count > 0)
    line.add("  ").add(finding.behind_count).add(" more thread(s) wait behind them\n").write_to_stderr();
  print_way_to_record(line);
}

void act_on_finding(const FindingRecord&) {
  const long pid = kernel::process_id();
  switch (runtime.options().on_deadlock) {
    case OnDeadlock::kReport:
      return;
    case OnDeadlock::kAbort:
      raw_syscall(SYS_kill, pid, SIGABRT);
      return;
    case OnDeadlock::kKill:
      raw_syscall(SYS_kill, pid, SIGKILL);
      return;
    case OnDeadlock::kStop:
      raw_syscall(SYS_kill, pid, SIGSTOP);
      return;
  }
}

}  // namespace gordian::hooks
