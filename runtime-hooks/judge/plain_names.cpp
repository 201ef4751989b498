#include "runtime-hooks/judge/plain_names.h"

#include <dlfcn.h>
#include <link.h>

#include "runtime-hooks/dynamic_symbols.h"
#include "runtime-hooks/modules.h"
#include "runtime-hooks/resources.h"

namespace gordian::hooks {

using record::Grade;
using record::Rule;

namespace {

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

}  // namespace

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
    case Rule::kLockOrderInversion:
      return "lock-order-inversion";
    case Rule::kLockHeldAtExit:
      return "lock-held-at-exit";
    case Rule::kUnlockNotHeld:
      return "unlock-not-held";
    case Rule::kUnlockNotOwner:
      return "unlock-not-owner";
    case Rule::kDestroyWhileHeld:
      return "destroy-while-held";
    case Rule::kInitWhileHeld:
      return "init-while-held";
    case Rule::kConditionMutexMismatch:
      return "condition-mutex-mismatch";
    case Rule::kWaitWithoutMutex:
      return "wait-without-mutex";
    case Rule::kPriorityInversion:
      return "priority-inversion";
    case Rule::kNone:
      break;
  }
  return "finding";
}

const char* name_of(Grade grade) {
  switch (grade) {
    case Grade::kUnlikely:
      return "unlikely";
    case Grade::kPossible:
      return "possible";
    case Grade::kInferred:
      return "inferred";
    default:  // the process itself tells no other
      return "proven";
  }
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
    default:  // those that are never in a record
      break;
  }
  return "resource";
}

void add_place(Line& line, uint64_t address) {
  if (const record::ModuleRecord* module = module_of(address)) {
    line.add(file_name(module->path), 128).add("+").add_hex(link_time_address(address, *module));
    if (const char* function = function_name_at(address)) line.add(" (").add(function, 160).add(")");
  } else {
    line.add_hex(address);
  }
}

void add_resource(Line& line, ResourceKind kind, uint64_t address) {
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
    add_place(line, resource->init_site);
  } else if (resource->first_site != 0) {
    line.add(", first taken at ");
    add_place(line, resource->first_site);
  }
}

void add_thread(Line& line, const char (&name)[16], uint32_t tid) {
  line.add("thread \"").add(name, sizeof(name)).add("\" (tid ").add(tid).add(")");
}

void add_thread(Line& line, const ThreadRecord& thread) {
  add_thread(line, thread.name, thread.tid);
}

void add_acquisition(Line& line, const Hold& entry) {
  add_place(line, entry.site);
  for (uint32_t c = 0; c < entry.caller_count && c < 3; ++c) {
    line.add(" < ");
    add_place(line, entry.callers[c]);
  }
}

void print_frames(Line& line, const record::Frame* frames, uint32_t count) {
  const record::ModuleRecord* own = module_of(reinterpret_cast<uint64_t>(&print_frames));
  for (uint32_t i = 0; i < count && i < record::kMaxFrames; ++i) {
    if (own != nullptr && own == module_of(frames[i].address)) continue;
    line.add("      ");
    add_place(line, frames[i].address);
    line.add("\n").write_to_stderr();
  }
}

void print_way_to_record(Line& line) {
  line.add("gordian: the record is ")
      .add(runtime.record_path())
      .add("; `gordian report ")
      .add(runtime.record_path());
  line.add("` names functions and lines\n").write_to_stderr();
}

}  // namespace gordian::hooks
