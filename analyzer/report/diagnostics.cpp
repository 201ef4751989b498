#include "analyzer/report/diagnostics.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "analyzer/finding/frames.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/finding_text.h"
#include "analyzer/report/phrases.h"
#include "analyzer/report/source_lines.h"
#include "analyzer/report/text.h"
#include "analyzer/report/writer.h"

namespace gordian::report {
namespace {

using finding::Finding;
using finding::Frame;
using finding::Grade;
using finding::Stack;
using finding::Step;

bool same_place(const Frame& left, const Frame& right) {
  return std::tie(left.file, left.line, left.column, left.function) ==
         std::tie(right.file, right.line, right.column, right.function);
}

// Where the finding's first line points; null when no place is known.
const Frame* main_place(const Finding& finding) {
  for (const Step& step : finding.cycle) {
    if (const Frame* frame = finding::telling_frame(step.waiting_at)) return frame;
  }
  return nullptr;
}

// The static pass names a side by the function that its thread begins in.
std::string side_name(const finding::ThreadName& thread) {
  if (thread.tid != 0) return describe(thread) + ' ';
  return thread.name.empty() ? "" : printable(thread.name) + ": ";
}

bool needs_something_done(const Finding& finding) {
  return !finding.suppressed && finding.baseline == finding::Baseline::kNew &&
         finding.grade > Grade::kUnlikely;
}

class Diagnostics {
 public:
  explicit Diagnostics(const TextOptions& options) : writer_(options) {}

  void write(const Finding& finding) {
    const Frame* place = main_ = main_place(finding);
    first_line(finding, place, finding.grade > Grade::kUnlikely ? "warning" : "note");
    if (place != nullptr) excerpt(*place);
    for (const Step& step : finding.cycle)
      write_side(finding, step, finding.cycle.size() == 1 ? place : nullptr);
    if (writer_.options().brief) {
      write_reasons(writer_, finding);
    } else {
      write_proof(writer_, finding);
    }
    write_fix(writer_, finding);
    write_fingerprint(writer_, finding);
    writer_.blank();
  }

  void write_briefly(const Finding& finding) { first_line(finding, main_place(finding), "note"); }

  Writer& writer() { return writer_; }

 private:
  std::string place_text(const Frame* frame) const {
    if (frame == nullptr) return "";
    std::string text = printable(place_of(*frame, writer_.options().base_directory));
    if (frame->column != 0) text += fmt::format(":{}", frame->column);
    return writer_.paint(Colour::kStrong, text + ":") + ' ';
  }

  void first_line(const Finding& finding, const Frame* place, std::string_view severity) {
    const Colour colour = severity == "warning" ? Colour::kWarning : Colour::kDim;
    std::string marks;
    if (finding.baseline == finding::Baseline::kKnown) marks += ", known";
    if (finding.suppressed) marks += ", suppressed";
    writer_.line(
        0, fmt::format("{}{} {} {}{}: {} [{}]", place_text(place),
                       writer_.paint(colour, fmt::format("{}:", severity)), name_of(finding.grade),
                       name_of(finding.rule), marks, printable(finding.summary), name_of(finding.rule)));
  }

  void excerpt(const Frame& frame) {
    if (!writer_.options().excerpts || frame.file.empty()) return;
    const auto source = sources_.line(frame.file, frame.line);
    if (!source) return;
    writer_.line(0, writer_.paint(Colour::kDim, fmt::format("{:>8} |", frame.line)) + ' ' + *source);
    if (const auto indent = sources_.indent(frame.file, frame.line, frame.column))
      writer_.line(0, writer_.paint(Colour::kDim, fmt::format("{:>8} |", "")) + ' ' + *indent +
                          writer_.paint(Colour::kGood, "^"));
  }

  void note(const Frame& frame, const std::string& text) {
    writer_.line(0, place_text(&frame) + writer_.paint(Colour::kDim, "note:") + ' ' + text);
  }

  // `told`: the place of the first line, which says the last word of a finding with one side.
  void write_side(const Finding& finding, const Step& step, const Frame* told) {
    const std::string who = finding.cycle.size() == 1 ? "" : side_name(step.thread);
    Stack way;  // what was told of this side's calls
    for (const finding::Acquisition& hold : step.holds)
      write_event(hold.acquired_at, who + printable(acquisition_phrase(hold)), nullptr, way, who);
    write_event(step.waiting_at, who + printable(attempt_phrase(finding.rule, step)), told, way, who);
  }

  // The calls from the outermost one on, without those that led to the event before, too.
  void write_event(const Stack& stack, const std::string& words, const Frame* told, Stack& way,
                   const std::string& who) {
    const Frame* telling = finding::telling_frame(stack);
    if (telling == nullptr) {
      if (!stack.empty() || told == nullptr)
        writer_.line(0, writer_.paint(Colour::kDim, "note:") + ' ' + words);
      return;
    }
    const Stack calls(stack.rbegin(),
                      std::make_reverse_iterator(stack.begin() + (telling - stack.data()) + 1));
    size_t next = static_cast<size_t>(std::ranges::mismatch(calls, way, same_place).in1 - calls.begin());
    const uint32_t most = writer_.options().stack_depth;
    if (const size_t left = calls.size() - next; left >= most && left != 0) {
      const size_t hidden = left - (most - 1);
      note(calls[next], fmt::format("{}makes {} call{} from here", who, hidden, hidden == 1 ? "" : "s"));
      next += hidden;
    }
    for (; next < calls.size(); ++next) {
      const Frame& callee = next + 1 < calls.size() ? calls[next + 1] : *telling;
      const std::string name = callee.function.empty() ? "a function" : printable(callee.function);
      note(calls[next], who + "calls " + name);
    }
    way = calls;
    if (told != nullptr && same_place(*told, *telling)) return;
    note(*telling, words);
    if (main_ == nullptr || !same_place(*main_, *telling)) excerpt(*telling);
  }

  Writer writer_;
  SourceLines sources_;
  const Frame* main_ = nullptr;  // what the first line has shown
};

}  // namespace

std::string render_diagnostics(const finding::Report& report, const TextOptions& options) {
  Diagnostics diagnostics(options);
  const auto is_full = [&](const Finding& each) { return !options.brief || needs_something_done(each); };
  for (const Finding& each : report.findings) {
    if (is_full(each)) diagnostics.write(each);
  }
  for (const Finding& each : report.findings) {
    if (!is_full(each) && !each.suppressed) diagnostics.write_briefly(each);
  }
  Writer& writer = diagnostics.writer();
  writer.line(0, writer.paint(Colour::kStrong, headline(report)));
  if (!report.unseen.empty()) write_unseen(writer, report.unseen);
  return writer.take();
}

}  // namespace gordian::report
