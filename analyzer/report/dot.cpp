#include "analyzer/report/dot.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "analyzer/finding/frames.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/phrases.h"
#include "analyzer/report/writer.h"

namespace gordian::report {
namespace {

using finding::Finding;
using finding::Step;

// `deposit(long) bank.cpp:12`; empty when nothing is known.
std::string place_of(const finding::Stack& stack) {
  const finding::Frame* frame = finding::telling_frame(stack);
  if (frame == nullptr) return finding::own_function(stack);
  return fmt::format("{} {}:{}", frame->function, base_name(frame->file), frame->line);
}

std::string below(const std::string& words, const std::string& place) {
  return place.empty() ? words : words + '\n' + place;
}

class FindingPicture {
 public:
  FindingPicture(const Finding& finding, size_t number) : finding_(finding), number_(number) {}

  std::string draw() {
    for (size_t i = 0; i < finding_.cycle.size(); ++i) draw_step(i);
    std::string title = fmt::format("{}, {}", name_of(finding_.rule), name_of(finding_.grade));
    if (finding_.suppressed) title += ", suppressed";
    if (finding_.baseline == finding::Baseline::kKnown) title += ", known";
    std::string result = fmt::format("  subgraph cluster_{} {{\n    label={};\n", number_,
                                     dot_string(title + '\n' + finding_.summary));
    // A box without a node would not be drawn.
    if (nodes_.empty()) result += fmt::format("    f{}_nothing [shape=point, style=invis];\n", number_);
    return result + nodes_ + arrows_ + "  }\n";
  }

 private:
  void draw_step(size_t i) {
    const Step& step = finding_.cycle[i];
    nodes_ += fmt::format("    {} [shape=box, label={}];\n", thread(i), dot_string(describe(step.thread)));
    for (const finding::Acquisition& hold : step.holds) {
      arrow(lock(hold.resource), thread(i), below("held by", place_of(hold.acquired_at)), "");
    }
    const bool is_join = step.waits_for.kind == "thread" && has_holder(step);
    const std::string target = is_join ? thread(*step.held_by_step) : lock(step.waits_for);
    const std::string verb(attempt_verb(finding_.rule, step));
    arrow(thread(i), target, below(verb, place_of(step.waiting_at)),
          step.link == "order" ? ", style=dashed" : "");
    if (!is_join) draw_holder(step);
  }

  // A holder that is not seen to hold the lock: one known from use, one that has ended, one outside the
  // cycle.
  void draw_holder(const Step& step) {
    const bool is_plain = step.link.empty() || step.link == "owner" || step.link == "order";
    const std::string words = is_plain ? "held by" : step.link;
    if (has_holder(step)) {
      const auto& holds = finding_.cycle[*step.held_by_step].holds;
      const bool is_drawn = std::ranges::any_of(holds, [&](const finding::Acquisition& hold) {
        return key_of(hold.resource) == key_of(step.waits_for);
      });
      if (!is_drawn) arrow(lock(step.waits_for), thread(*step.held_by_step), words, ", style=dashed");
    } else if (!step.held_by.empty()) {
      const std::string name = fmt::format("f{}_h{}", number_, ++others_);
      nodes_ += fmt::format("    {} [shape=box, style=dashed, label={}];\n", name, dot_string(step.held_by));
      arrow(lock(step.waits_for), name, words, ", style=dashed");
    }
  }

  bool has_holder(const Step& step) const {
    return step.held_by_step && *step.held_by_step < finding_.cycle.size();
  }

  using Key = std::tuple<uint64_t, std::string, std::string>;
  static Key key_of(const finding::ResourceName& resource) {
    return {resource.address, resource.kind, resource.name};
  }

  std::string thread(size_t step) const { return fmt::format("f{}_t{}", number_, step); }

  // The lock's node, drawn when it comes up for the first time.
  std::string lock(const finding::ResourceName& resource) {
    const auto [place, is_new] = locks_.try_emplace(key_of(resource), locks_.size());
    const std::string name = fmt::format("f{}_r{}", number_, place->second);
    if (is_new) {
      nodes_ += fmt::format("    {} [shape=ellipse, label={}];\n", name,
                            dot_string(name_of(resource) + '\n' + resource.kind));
    }
    return name;
  }

  void arrow(const std::string& from, const std::string& to, const std::string& words,
             std::string_view style) {
    arrows_ += fmt::format("    {} -> {} [label={}{}];\n", from, to, dot_string(words), style);
  }

  const Finding& finding_;
  size_t number_;
  size_t others_ = 0;
  std::string nodes_;
  std::string arrows_;
  std::map<Key, size_t> locks_;
};

}  // namespace

std::string dot_string(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    for (char c : printable(text.substr(0, end))) {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
      if (c == '&') result += "amp;";  // Graphviz takes &lt; for a character
    }
    text.remove_prefix(std::min(end + 1, text.size()));
    if (!text.empty()) result += "\\n";
  }
  return result + '"';
}

std::string dot_tooltip(std::string_view text) {
  std::string result = "\"";
  for (char c : printable(text)) {
    switch (c) {
      case '"':
        result += "&quot;";
        break;
      case '\\':
        result += R"(\\\\)";  // read twice on its way
        break;
      case '&':
        result += "&amp;";
        break;
      default:
        result += c;
    }
  }
  return result + '"';
}

std::string render_dot(const finding::Report& report) {
  std::string result =
      "digraph gordian {\n"
      "  node [fontname=\"sans-serif\", fontsize=11];\n"
      "  edge [fontname=\"sans-serif\", fontsize=9];\n"
      "  fontname=\"sans-serif\";\n"
      "  compound=true;\n";
  if (report.findings.empty()) result += "  nothing [shape=plaintext, label=\"no findings\"];\n";
  for (size_t i = 0; i < report.findings.size(); ++i) result += FindingPicture(report.findings[i], i).draw();
  return result + "}\n";
}

}  // namespace gordian::report
