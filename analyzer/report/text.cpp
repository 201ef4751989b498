#include "analyzer/report/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "analyzer/finding/merge.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/finding_text.h"
#include "analyzer/report/misuse_text.h"
#include "analyzer/report/phrases.h"
#include "analyzer/report/writer.h"

namespace gordian::report {
namespace {

using finding::Finding;
using finding::Grade;
using finding::Step;

Colour colour_of(Grade grade) {
  if (grade >= Grade::kInferred) return Colour::kBad;
  return grade >= Grade::kPossible ? Colour::kWarning : Colour::kDim;
}

std::string_view plural(uint64_t count) {
  return count == 1 ? "" : "s";
}

bool is_end_of_thread(const finding::ResourceName& resource) {
  return resource.kind == "thread";
}

// It did not wait in the observed run: what it asks for while it holds something.
void write_order(Writer& writer, size_t indent, const Step& step) {
  std::string text =
      is_end_of_thread(step.waits_for)
          ? "waits for the end of " + writer.paint(Colour::kName, printable(step.waits_for.name))
          : "takes " + writer.paint(Colour::kName, describe(step.waits_for, step.wait_mode));
  if (!step.holds.empty()) {
    const finding::ResourceName& held = step.holds.front().resource;
    text += is_end_of_thread(held) ? " before it ends"
                                   : " while it holds " + writer.paint(Colour::kName, printable(held.name));
  }
  writer.line(indent, text + ", at");
  writer.stack(indent + 2, step.waiting_at);
}

// One side of a race.
void write_access(Writer& writer, size_t indent, const Step& step) {
  const std::string variable = writer.paint(Colour::kName, printable(name_of(step.waits_for)));
  const std::string_view verb = attempt_verb(finding::RuleId::kDataRace, step);
  writer.line(indent,
              fmt::format("{} {}{}, at", verb, variable, step.holds.empty() ? " and holds no lock" : ""));
  writer.stack(indent + 2, step.waiting_at);
}

void write_wait(Writer& writer, size_t indent, const Step& step) {
  if (step.link == "order") return write_order(writer, indent, step);
  if (step.link == "access") return write_access(writer, indent, step);
  // A join: the thread that is to end is its own holder.
  const bool is_join = is_end_of_thread(step.waits_for);
  std::string text =
      is_join ? "waits for the end of " + writer.paint(Colour::kName, printable(step.waits_for.name))
              : "waits for " + writer.paint(Colour::kName, describe(step.waits_for, step.wait_mode));
  if (const std::string holder = printable(holder_phrase(step)); !is_join && !holder.empty())
    text += ", " + holder;
  if (step.since_ms != 0) text += fmt::format(", for {}", describe_duration(step.since_ms));
  writer.line(indent, text + ", at");
  writer.stack(indent + 2, step.waiting_at);
}

void write_holds(Writer& writer, size_t indent, const std::vector<finding::Acquisition>& holds) {
  for (const finding::Acquisition& hold : holds) {
    if (is_end_of_thread(hold.resource)) continue;
    const std::string name = writer.paint(Colour::kName, describe(hold.resource, hold.mode));
    if (hold.acquired_at.empty()) {
      writer.line(indent, "holds " + name);
    } else {
      writer.line(indent, "holds " + name + ", acquired at");
      writer.stack(indent + 2, hold.acquired_at);
    }
  }
}

std::string thread_line(const Writer& writer, const finding::ThreadName& thread) {
  const bool is_nameless = thread.tid == 0 && thread.name.empty();
  std::string text = is_nameless ? "A thread" : "Thread " + writer.paint(Colour::kStrong, describe(thread));
  if (!thread.started_at.empty()) text += ", started in " + printable(thread.started_at);
  return text;
}

void write_cycle(Writer& writer, const Finding& finding) {
  for (const Step& step : finding.cycle) {
    writer.blank();
    writer.line(2, thread_line(writer, step.thread));
    if (finding::is_misuse(finding.rule) && &step == &finding.cycle.front()) {
      write_call(writer, 4, finding.rule, step);
      continue;
    }
    write_wait(writer, 4, step);
    write_holds(writer, 4, step.holds);
  }
  if (finding.members_not_shown == 0 && finding.waiting_behind == 0) return;
  writer.blank();
  if (const uint32_t count = finding.members_not_shown; count != 0) {
    writer.line(2, fmt::format("{} more thread{} belong{} to this and {} not shown.", count, plural(count),
                               count == 1 ? "s" : "", count == 1 ? "is" : "are"));
  }
  if (const uint32_t count = finding.waiting_behind; count != 0) {
    writer.line(2, fmt::format("{} more thread{} wait{} behind these and cannot go on either.", count,
                               plural(count), count == 1 ? "s" : ""));
  }
}

void write_closing(Writer& writer, const Finding& finding) {
  write_fix(writer, finding);
  if (finding.occurrences > 1) {
    std::string seen = fmt::format("{} times", finding.occurrences);
    if (!finding.also_in.empty()) {
      seen += fmt::format(", in pid {} and in {}", finding.pid, fmt::join(finding.also_in, ", "));
    }
    writer.prose(2, "Found: ", seen, Colour::kStrong);
  }
  write_fingerprint(writer, finding);
}

void write_first_line(Writer& writer, const Finding& finding) {
  std::string remark = finding.suppressed ? ", suppressed" : "";
  if (finding.baseline == finding::Baseline::kKnown) remark += ", known";
  writer.prose(0, fmt::format("{}, {}{}: ", name_of(finding.rule), name_of(finding.grade), remark),
               finding.summary, colour_of(finding.grade));
}

void write_finding(Writer& writer, const Finding& finding) {
  write_first_line(writer, finding);
  write_cycle(writer, finding);
  write_proof(writer, finding);
  write_closing(writer, finding);
}

// Findings that need nothing done: one line each, and why.
bool is_told_briefly(const Finding& finding, const TextOptions& options) {
  return options.brief && (finding.suppressed || finding.grade == Grade::kUnlikely);
}

void write_brief_findings(Writer& writer, const std::vector<Finding>& findings) {
  bool is_first = true;
  for (const Finding& finding : findings) {
    if (!is_told_briefly(finding, writer.options())) continue;
    if (std::exchange(is_first, false)) writer.blank();
    write_first_line(writer, finding);
    write_reasons(writer, finding);
    write_fingerprint(writer, finding);
  }
}

void write_program(Writer& writer, const finding::Report& report) {
  const finding::Program& program = report.program;
  if (program.path.empty()) return;
  std::string text = program.path;
  for (size_t i = 1; i < program.arguments.size(); ++i) text += " " + program.arguments[i];
  if (program.pid != 0) text += fmt::format(" (pid {})", program.pid);
  if (!program.started.empty()) text += ", started " + program.started;
  if (const size_t others = report.other_programs.size(); others != 0) {
    const bool is_all_processes = std::ranges::all_of(
        report.other_programs, [](const finding::Program& each) { return each.pid != 0; });
    text += fmt::format(", and {} more{}", others,
                        !is_all_processes ? ""
                        : others == 1     ? " process"
                                          : " processes");
  }
  writer.prose(2, "Program: ", text, Colour::kDim);
  for (const std::string& assumption : report.assumptions)
    writer.prose(2, "Read as: ", assumption, Colour::kDim);
}

template <typename Predicate>
size_t count_if(const finding::Report& report, Predicate predicate) {
  return static_cast<size_t>(std::ranges::count_if(report.findings, predicate));
}

}  // namespace

std::string headline(const finding::Report& report) {
  if (const size_t count = report.findings.size(); count != 0) {
    const auto worst = worst_grade(report);
    const size_t suppressed = count_if(report, [](const Finding& each) { return each.suppressed; });
    const size_t known = count_if(report, [](const Finding& each) {
      return !each.suppressed && each.baseline == finding::Baseline::kKnown;
    });
    std::string text = fmt::format("{} finding{}, ", count, plural(count));
    if (!worst) return text + "all suppressed";
    text += fmt::format("the strongest {}", name_of(*worst));
    const size_t unlikely =
        count_at_least(report, Grade::kUnlikely) - count_at_least(report, Grade::kPossible);
    if (*worst > Grade::kUnlikely && unlikely != 0) text += fmt::format(", {} unlikely", unlikely);
    if (known != 0) text += known + suppressed == count ? ", all known" : fmt::format(", {} known", known);
    if (suppressed != 0) text += fmt::format(", {} suppressed", suppressed);
    return text;
  }
  if (report.unseen.empty()) return "no findings";
  const size_t unseen = report.unseen.size();
  return fmt::format("no findings, but {} thing{} {} not seen:", unseen, plural(unseen),
                     unseen == 1 ? "was" : "were");
}

std::string render_finding_text(const Finding& finding, const TextOptions& options) {
  Writer writer(options);
  write_finding(writer, finding);
  return writer.take();
}

std::string render_thread_text(const finding::ThreadView& view, const TextOptions& options) {
  Writer writer(options);
  const char* where = view.at.empty() ? "" : ", at";
  writer.line(0, thread_line(writer, view.thread) + ": " + printable(view.state) + where);
  if (!view.at.empty()) writer.stack(4, view.at);
  if (view.wait) write_wait(writer, 2, *view.wait);
  write_holds(writer, 2, view.holds);
  return writer.take();
}

std::string render_text(const finding::Report& report, const TextOptions& options) {
  Writer writer(options);
  writer.line(0, writer.paint(Colour::kStrong, headline(report)));
  write_program(writer, report);
  for (const Finding& finding : report.findings) {
    if (is_told_briefly(finding, options)) continue;
    writer.blank();
    write_finding(writer, finding);
  }
  write_brief_findings(writer, report.findings);
  if (!report.unseen.empty()) {
    writer.blank();
    write_unseen(writer, report.unseen);
  }
  return writer.take();
}

}  // namespace gordian::report
