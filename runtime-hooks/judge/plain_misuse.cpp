#include "runtime-hooks/judge/plain_misuse.h"

#include "runtime-hooks/evidence.h"
#include "runtime-hooks/judge/plain_names.h"
#include "runtime-hooks/kernel.h"

namespace gordian::hooks {

using record::FindingRecord;
using record::Member;
using record::Rule;

namespace {

constinit uint32_t turn = 0;
constinit Line line;

class Turn {
 public:
  Turn() : signals_(kernel::block_signals()) {
    while (__atomic_exchange_n(&turn, 1, __ATOMIC_ACQUIRE) != 0) raw_syscall(SYS_sched_yield);
  }
  ~Turn() {
    __atomic_store_n(&turn, 0, __ATOMIC_RELEASE);
    kernel::restore_signals(signals_);
  }

 private:
  uint64_t signals_;
};

const char* what_it_does(Rule rule) {
  switch (rule) {
    case Rule::kLockHeldAtExit:
      return " ends and still holds ";
    case Rule::kUnlockNotHeld:
    case Rule::kUnlockNotOwner:
      return " unlocks ";
    case Rule::kDestroyWhileHeld:
      return " destroys or frees ";
    case Rule::kInitWhileHeld:
      return " initialises again ";
    case Rule::kConditionMutexMismatch:
    case Rule::kWaitWithoutMutex:
      return " waits on ";
    default:
      return " waits for ";
  }
}

const char* what_is_wrong(Rule rule) {
  switch (rule) {
    case Rule::kUnlockNotHeld:
      return ", which nobody holds";
    case Rule::kUnlockNotOwner:
      return ", which another holds";
    case Rule::kDestroyWhileHeld:
    case Rule::kInitWhileHeld:
      return ", which is in use";
    case Rule::kConditionMutexMismatch:
      return " while others wait there with another mutex";
    case Rule::kWaitWithoutMutex:
      return " with a mutex that it does not hold";
    case Rule::kPriorityInversion:
      return ", which a thread of lower priority holds";
    default:
      return "";
  }
}

void print_other_party(const Member& member, const record::Evidence* evidence) {
  const Hold* hold = nullptr;
  if (evidence != nullptr && evidence->hold_count != 0) {
    const auto* frames = reinterpret_cast<const record::Frame*>(evidence + 1);
    hold = reinterpret_cast<const Hold*>(frames + evidence->frame_count);
  }
  if (member.held_by_serial != 0 && member.held_by_serial != member.serial) {
    const bool waits = hold != nullptr && record::word_status(hold->word) == HoldStatus::kAttempting;
    line.add(waits ? "    waited for by " : "    held by ");
    add_thread(line, runtime.thread(member.held_by_slot));
    line.add("\n").write_to_stderr();
  } else if (member.held_by_serial == 0 && member.held_by_tid != 0) {
    line.add("    held by thread ").add(member.held_by_tid).add(" of another process\n").write_to_stderr();
  }
  if (hold == nullptr) return;
  line.add("      at ");
  add_acquisition(line, *hold);
  line.add("\n").write_to_stderr();
}

}  // namespace

void print_misuse(const FindingRecord& finding) {
  const Turn turn;
  const Member& member = finding.members[0];
  const auto rule = static_cast<Rule>(finding.rule);
  const record::Evidence* evidence = evidence_at(finding.evidence);
  line.clear();
  line.add("gordian: ").add(name_of(rule)).add(", ").add(name_of(static_cast<record::Grade>(finding.grade)));
  line.add(", in process ").add(kernel::process_id()).add(": ");
  add_thread(line, runtime.thread(member.slot));
  line.add(what_it_does(rule));
  add_resource(line, static_cast<ResourceKind>(member.kind), member.waits_for);
  line.add(what_is_wrong(rule)).add("\n").write_to_stderr();
  if (evidence != nullptr)
    print_frames(line, reinterpret_cast<const record::Frame*>(evidence + 1), evidence->frame_count);
  print_other_party(member, evidence);
  print_way_to_record(line);
}

}  // namespace gordian::hooks
