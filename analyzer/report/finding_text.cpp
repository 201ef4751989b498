#include "analyzer/report/finding_text.h"

#include <fmt/format.h>

#include "analyzer/report/escape.h"

namespace gordian::report {
namespace {

using finding::Finding;

std::string_view plural(uint64_t count) {
  return count == 1 ? "" : "s";
}

void write_condition(Writer& writer, std::string_view name, const finding::Condition& condition) {
  const bool holds = condition.holds;
  const std::string_view mark =
      writer.options().unicode ? (holds ? "\u2713 " : "\u2717 ") : (holds ? "yes " : "no  ");
  writer.prose(4, fmt::format("{}{}: ", mark, name), condition.evidence,
               holds ? Colour::kGood : Colour::kWarning);
}

void write_conditions(Writer& writer, const finding::FourConditions& conditions) {
  writer.blank();
  writer.line(2, writer.paint(Colour::kStrong, "The four conditions of a deadlock"));
  write_condition(writer, "mutual exclusion", conditions.mutual_exclusion);
  write_condition(writer, "hold and wait", conditions.hold_and_wait);
  write_condition(writer, "no preemption", conditions.no_preemption);
  write_condition(writer, "circular wait", conditions.circular_wait);
}

void write_schedule(Writer& writer, const std::vector<std::string>& schedule) {
  writer.blank();
  writer.line(2, writer.paint(Colour::kStrong, "How it was reached"));
  for (size_t i = 0; i < schedule.size(); ++i)
    writer.prose(4, fmt::format("{}. ", i + 1), schedule[i], Colour::kPlain);
}

}  // namespace

void write_reasons(Writer& writer, const Finding& finding) {
  if (!finding.grade_reason.empty()) {
    writer.prose(2, fmt::format("Why {}: ", name_of(finding.grade)), finding.grade_reason, Colour::kStrong);
  }
  if (finding.confirmation) {
    const finding::Confirmation& confirmation = *finding.confirmation;
    writer.prose(2, "Tried: ",
                 fmt::format("{}, in {} steered run{}: {}", confirmation.outcome, confirmation.tries,
                             plural(confirmation.tries), confirmation.explanation),
                 Colour::kStrong);
  }
  if (finding.exercised) {
    writer.prose(2, "In runs: ", finding.exercised->outcome + ": " + finding.exercised->explanation,
                 Colour::kStrong);
  }
  if (!finding.suppression.empty()) writer.prose(2, "Suppressed: ", finding.suppression, Colour::kStrong);
}

void write_proof(Writer& writer, const Finding& finding) {
  if (finding.conditions) write_conditions(writer, *finding.conditions);
  if (!finding.schedule.empty()) write_schedule(writer, finding.schedule);
  writer.blank();
  write_reasons(writer, finding);
}

void write_fix(Writer& writer, const Finding& finding) {
  if (!finding.fix.empty()) writer.prose(2, "Fix: ", finding.fix, Colour::kStrong);
}

void write_fingerprint(Writer& writer, const Finding& finding) {
  if (!finding.fingerprint.empty()) writer.prose(2, "Fingerprint: ", finding.fingerprint, Colour::kDim);
}

void write_unseen(Writer& writer, const std::vector<finding::Unseen>& unseen) {
  writer.line(0, writer.paint(Colour::kStrong, "Not seen"));
  for (const finding::Unseen& each : unseen) {
    std::string text = fmt::format("{} time{}", each.count, plural(each.count));
    if (!each.why.empty()) text += "; " + each.why;
    if (!each.consequence.empty()) text += "; " + each.consequence;
    writer.prose(2, printable(each.what) + ": ", text, Colour::kPlain);
  }
}

}  // namespace gordian::report
