#include "runtime-hooks/judge/plain_text.h"

#include <dlfcn.h>
#include <link.h>

#include "runtime-hooks/dynamic_symbols.h"
#include "runtime-hooks/modules.h"
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

const char* name_of(Rule rule) {
  switch (rule) {
    case Rule::kDeadlock:
      return "deadlock";
    case Rule::kSelfDeadlock:
      return "self-deadlock";
    case Rule::kAbandonedLock:
      return "abandoned-lock";
    case Rule::kGlobalStall:
      return "global-stall";
    case Rule::kLostWakeup:
      return "lost-wakeup";
    case Rule::kNone:
      break;
  }
  return "finding";
}

const char* name_of(ResourceKind kind) {
  switch (kind) {
    case ResourceKind::kMutex:
      return "mutex";
    case ResourceKind::kRwlock:
      return "rwlock";
    case ResourceKind::kSpin:
      return "spinlock";
    case ResourceKind::kBarrier:
      return "barrier";
    case ResourceKind::kCondition:
      return "condition";
    case ResourceKind::kSemaphore:
      return "semaphore";
    case ResourceKind::kOnce:
      return "once";
    case ResourceKind::kThread:
      return "the end of thread";
    case ResourceKind::kStdioFile:
      return "stdio lock";
    case ResourceKind::kStaticGuard:
      return "static guard";
    case ResourceKind::kFutex:
      return "futex";
    case ResourceKind::kNone:
      break;
  }
  return "resource";
}

const char* file_name(const char* path) {
  const char* last = path;
  for (; *path != 0; ++path)
    if (*path == '/') last = path + 1;
  return last;
}

// As addr2line wants it, one byte back: the line is then that of the call, not of what follows.
uint64_t link_time_address(uint64_t address, const record::ModuleRecord& module) {
  dl_find_object object;
  if (_dl_find_object(reinterpret_cast<void*>(address), &object) == 0 && object.dlfo_link_map != nullptr)
    return address - object.dlfo_link_map->l_addr - 1;
  return address - module.start + module.file_offset - 1;
}

void add_place(uint64_t address) {
  if (const record::ModuleRecord* module = module_of(address)) {
    line.add(file_name(module->path), 128).add("+").add_hex(link_time_address(address, *module));
    if (const char* function = function_name_at(address)) line.add(" (").add(function, 160).add(")");
  } else {
    line.add_hex(address);
  }
}

void add_resource(ResourceKind kind, uint64_t address) {
  line.add(name_of(kind)).add(" ");
  if (kind == ResourceKind::kThread) {
    line.add("#").add(address);
    return;
  }
  if (const char* variable = function_name_at(address)) line.add(variable, 160).add(" ");
  line.add("at ").add_hex(address);
  const auto* resource = resources.find(kind, address);
  if (resource == nullptr) return;
  if (resource->init_site != 0) {
    line.add(", initialised at ");
    add_place(resource->init_site);
  } else if (resource->first_site != 0) {
    line.add(", first taken at ");
    add_place(resource->first_site);
  }
}

void add_thread(const ThreadRecord& thread) {
  line.add("thread \"").add(thread.name, sizeof(thread.name)).add("\" (tid ").add(thread.tid).add(")");
}

void print_member(const Member& member) {
  const ThreadRecord& thread = runtime.thread(member.slot);
  line.add("  ");
  add_thread(thread);
  line.add(" waits for ");
  add_resource(static_cast<ResourceKind>(member.kind), member.waits_for);
  line.write_to_stderr();
  const auto link = static_cast<Link>(member.link);
  if (member.held_by_serial != 0) {
    line.add(", which is held by ");
    if (member.held_by_serial == member.serial)
      line.add("itself");
    else
      add_thread(runtime.thread(member.held_by_slot));
    if (link == Link::kEnded) line.add(", which has ended");
    if (link == Link::kLeftBehind) line.add(", which fork left behind");
    if (link == Link::kObservedHolder) line.add(", which took it and has not given it back");
    if (link == Link::kSignaller || link == Link::kCouldSignal) line.add(" from signalling");
  }
  line.add("\n").write_to_stderr();
  for (uint32_t i = 0; i < thread.frame_count && i < record::kMaxFrames; ++i) {
    const record::ModuleRecord* module = module_of(thread.frames[i].address);
    if (module != nullptr && module == module_of(address_of(&print_finding))) continue;
    line.add("      ");
    add_place(thread.frames[i].address);
    line.add("\n").write_to_stderr();
  }
  const uint32_t depth = record::progress_depth(thread.progress);
  for (uint32_t i = 0; i < depth; ++i) {
    const Hold* entry = entry_at(&thread, i);
    if (entry == nullptr || record::word_status(entry->word) != HoldStatus::kHeld) continue;
    line.add("    holds ");
    add_resource(record::word_kind(entry->word), record::word_address(entry->word));
    line.add("\n      taken at ");
    add_place(entry->site);
    for (uint32_t c = 0; c < entry->caller_count && c < 3; ++c) {
      line.add(" < ");
      add_place(entry->callers[c]);
    }
    line.add("\n").write_to_stderr();
  }
}

}  // namespace

void print_finding(const FindingRecord& finding) {
  line.clear();
  line.add("gordian: ").add(name_of(static_cast<Rule>(finding.rule))).add(", ");
  line.add(static_cast<Grade>(finding.grade) == Grade::kProven ? "proven" : "inferred")
      .add(", in process ")
      .add(kernel::process_id());
  line.add(": ")
      .add(finding.member_count + finding.members_dropped)
      .add(" thread(s) can never go on\n")
      .write_to_stderr();
  for (uint32_t i = 0; i < finding.member_count; ++i) print_member(finding.members[i]);
  if (finding.members_dropped > 0)
    line.add("  and ").add(finding.members_dropped).add(" more\n").write_to_stderr();
  if (finding.behind_count > 0)
    line.add("  ").add(finding.behind_count).add(" more thread(s) wait behind them\n").write_to_stderr();
  line.add("gordian: the record is ")
      .add(runtime.record_path())
      .add("; `gordian report ")
      .add(runtime.record_path());
  line.add("` names functions and lines\n").write_to_stderr();
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
