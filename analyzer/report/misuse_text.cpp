#include "analyzer/report/misuse_text.h"

#include <fmt/format.h>

#include "analyzer/report/escape.h"
#include "analyzer/report/phrases.h"

namespace gordian::report {
namespace {

using finding::RuleId;
using finding::Step;

std::string_view what_it_does(RuleId rule, const Step& step) {
  switch (rule) {
    case RuleId::kUnlockNotHeld:
    case RuleId::kUnlockNotOwner:
      return "unlocks";
    case RuleId::kDestroyWhileHeld:
      return "ends the life of";
    case RuleId::kInitWhileHeld:
      return "initialises";
    case RuleId::kConditionMutexMismatch:
    case RuleId::kWaitWithoutMutex:
      return "waits on";
    case RuleId::kLockHeldAtExit:
      return "has ended and still holds";
    default:
      return attempt_verb(rule, step);
  }
}

std::string who_has_it(RuleId rule, const Step& step) {
  if (rule == RuleId::kUnlockNotHeld) return ", which nobody holds,";
  if (step.held_by.empty() || rule == RuleId::kWaitWithoutMutex) return "";
  if (rule == RuleId::kLockHeldAtExit) return ", taken";
  return fmt::format(", held by {},", printable(step.held_by));
}

}  // namespace

void write_call(Writer& writer, size_t indent, RuleId rule, const Step& step) {
  const std::string lock = writer.paint(Colour::kName, describe(step.waits_for, step.wait_mode));
  writer.line(indent, fmt::format("{} {}{} at", what_it_does(rule, step), lock, who_has_it(rule, step)));
  writer.stack(indent + 2, step.waiting_at);
  if (rule == RuleId::kLockHeldAtExit) return;
  for (const finding::Acquisition& hold : step.holds) {
    if (hold.acquired_at.empty()) continue;
    writer.line(indent, fmt::format("{} was taken at",
                                    writer.paint(Colour::kName, describe(hold.resource, hold.mode))));
    writer.stack(indent + 2, hold.acquired_at);
  }
}

}  // namespace gordian::report
