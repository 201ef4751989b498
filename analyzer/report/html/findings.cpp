#include "analyzer/report/html/findings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <vector>

#include "analyzer/report/html/entries.h"
#include "analyzer/report/html/markup.h"
#include "analyzer/report/phrases.h"
#include "analyzer/report/picture.h"
#include "analyzer/report/rule_texts.h"

namespace gordian::report {
namespace {

using finding::Finding;
using finding::Grade;
using finding::Step;

std::string condition_row(std::string_view name, const finding::Condition& condition) {
  return fmt::format("<tr><th scope=\"row\">{}</th><td class=\"{}</td><td>{}</td></tr>\n", name,
                     condition.holds ? "holds\">holds" : "fails\">does not hold",
                     html_text(condition.evidence));
}

std::string conditions_html(const finding::FourConditions& conditions) {
  return "<h4>The four conditions of a deadlock</h4>\n"
         "<table class=\"conditions\"><thead><tr><th scope=\"col\">condition</th><th scope=\"col\">here</th>"
         "<th scope=\"col\">evidence</th></tr></thead><tbody>\n" +
         condition_row("mutual exclusion", conditions.mutual_exclusion) +
         condition_row("hold and wait", conditions.hold_and_wait) +
         condition_row("no preemption", conditions.no_preemption) +
         condition_row("circular wait", conditions.circular_wait) + "</tbody></table>\n";
}

class Article {
 public:
  Article(const finding::Report& report, size_t number, const Inventory& inventory, HtmlStacks& stacks)
      : finding_(report.findings[number]), number_(number), inventory_(inventory), stacks_(stacks) {}

  std::string write() {
    const std::string id = fmt::format("finding-{}", number_ + 1);
    const std::string body = steps() + conditions() + schedule() + facts();
    const std::string opening = fmt::format(
        "<article class=\"finding {1}\" id=\"{0}\" aria-labelledby=\"{0}-title\" data-rule=\"{2}\" "
        "data-grade=\"{1}\">\n<header>{3}</header>\n",
        id, name_of(finding_.grade), name_of(finding_.rule), header(id));
    if (!finding_.suppressed) return opening + body + "</article>\n";
    return opening + "<details><summary>Suppressed: show it all the same</summary>\n" + body +
           "</details></article>\n";
  }

 private:
  std::string header(const std::string& id) const {
    std::string marks;
    if (finding_.suppressed) marks += " <span class=\"tag\">suppressed</span>";
    if (finding_.baseline == finding::Baseline::kKnown) marks += " <span class=\"tag\">known</span>";
    return fmt::format(
        "<p class=\"kind\">{} <span class=\"rule\" title=\"{}\">{}</span>{}</p>\n<h3 "
        "id=\"{}-title\">{}</h3>\n"
        "<p class=\"dim\">{}</p>\n",
        html_grade(finding_.grade), html_text(text_of(finding_.rule).summary), name_of(finding_.rule), marks,
        id, html_text(shortened_summary()), meaning_of(finding_.grade));
  }

  // A summary quotes names, which may be of any length.
  std::string shortened_summary() const { return shortened(finding_.summary, 600); }

  std::string steps() {
    if (finding_.cycle.empty()) return "";
    std::string result = "<ol class=\"cycle\">\n";
    for (const Step& step : finding_.cycle) result += step_html(step);
    result += "</ol>\n";
    if (const uint32_t count = finding_.members_not_shown; count != 0)
      result += fmt::format("<p>{} to this and {} not shown.</p>\n",
                            counted(count, "more thread") + (count == 1 ? " belongs" : " belong"),
                            count == 1 ? "is" : "are");
    if (const uint32_t count = finding_.waiting_behind; count != 0)
      result += fmt::format("<p>{} behind these and cannot go on either.</p>\n",
                            counted(count, "more thread") + (count == 1 ? " waits" : " wait"));
    return result;
  }

  std::string step_html(const Step& step) {
    const size_t thread = inventory_.thread_of(step);
    const bool has_name = step.thread.tid != 0 || !step.thread.name.empty();
    std::string result = fmt::format("<li class=\"step\"><h4>{}{}</h4>\n", has_name ? "Thread " : "",
                                     html_thread_link(inventory_, thread));
    const auto& waits = inventory_.threads()[thread].waits;
    const size_t lock = inventory_.lock_of(step);
    const auto wait = std::ranges::find(waits, lock, &Inventory::Wait::lock);
    result += html_wait({.step = &step, .rule = finding_.rule, .lock = lock, .holder = wait->holder},
                        inventory_, stacks_);
    for (const finding::Acquisition& hold : step.holds) {
      if (hold.resource.kind == "thread") continue;
      result += html_hold({.acquisition = &hold, .lock = inventory_.lock_of(step, hold.resource)}, inventory_,
                          stacks_);
    }
    return result + "</li>\n";
  }

  std::string conditions() const { return finding_.conditions ? conditions_html(*finding_.conditions) : ""; }

  std::string schedule() const {
    if (finding_.schedule.empty()) return "";
    std::string result = "<h4>How it is reached</h4>\n<ol class=\"schedule\">\n";
    for (const std::string& event : finding_.schedule)
      result += fmt::format("<li>{}</li>\n", html_text(shortened(event, 400)));
    return result + "</ol>\n";
  }

  std::string facts() const {
    std::string result;
    auto fact = [&](std::string_view name, const std::string& html) {
      result += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, html);
    };
    if (!finding_.grade_reason.empty()) {
      fact(fmt::format("Why {}", name_of(finding_.grade)), html_text(finding_.grade_reason));
    }
    if (finding_.confirmation) {
      const finding::Confirmation& tried = *finding_.confirmation;
      fact("Tried", fmt::format("{}, in {} ({} of {} threads in place at once, seed {}): {}",
                                html_text(tried.outcome), counted(tried.tries, "steered run"), tried.arrived,
                                tried.participants, tried.seed, html_text(tried.explanation)));
    }
    if (finding_.exercised) {
      fact("In runs", html_text(finding_.exercised->outcome + ": " + finding_.exercised->explanation));
    }
    if (!finding_.suppression.empty()) fact("Suppressed", html_text(finding_.suppression));
    if (!finding_.fix.empty()) fact("Fix", html_text(shortened(finding_.fix, 600)));
    if (finding_.occurrences > 1) {
      std::string where = counted(finding_.occurrences, "time");
      if (!finding_.also_in.empty())
        where += fmt::format(", in pid {} and in {}", finding_.pid, fmt::join(finding_.also_in, ", "));
      fact("Found", where);
    }
    if (!finding_.fingerprint.empty()) {
      fact("Fingerprint",
           fmt::format(
               "<code>{}</code> <button type=\"button\" class=\"copy script-only\" aria-label=\"Copy the "
               "fingerprint\">Copy</button>",
               html_name(finding_.fingerprint)));
    }
    return result.empty() ? "" : "<dl class=\"facts\">\n" + result + "</dl>\n";
  }

  const Finding& finding_;
  size_t number_;
  const Inventory& inventory_;
  HtmlStacks& stacks_;
};

template <typename Name>
std::string filter_buttons(std::string_view kind, std::string_view label, const std::vector<Name>& names) {
  std::string result = fmt::format("<div role=\"group\" aria-label=\"{}\">", label);
  for (Name name : names) {
    result += fmt::format(
        "<button type=\"button\" class=\"filter {1}\" data-kind=\"{0}\" data-value=\"{1}\" "
        "aria-pressed=\"true\">{1}"
        "</button>\n",
        kind, name_of(name));
  }
  return result + "</div>\n";
}

// Only what occurs, the strongest first.
std::string filters(const finding::Report& report) {
  std::set<finding::RuleId> rules;
  std::set<Grade, std::greater<>> grades;
  for (const Finding& finding : report.findings) {
    rules.insert(finding.rule);
    grades.insert(finding.grade);
  }
  return "<div class=\"filters script-only\">\n" +
         filter_buttons<Grade>("grade", "Show grades", {grades.begin(), grades.end()}) +
         filter_buttons<finding::RuleId>("rule", "Show rules", {rules.begin(), rules.end()}) +
         fmt::format("<p role=\"status\" id=\"finding-count\">{0} of {0} findings</p>\n</div>\n",
                     report.findings.size());
}

}  // namespace

std::string html_findings(const finding::Report& report, const Inventory& inventory, HtmlStacks& stacks) {
  if (report.findings.empty()) return "";
  std::string result =
      "<section id=\"findings\" aria-labelledby=\"findings-title\">\n"
      "<h2 id=\"findings-title\">Findings</h2>\n";
  result += filters(report);
  std::string suppressed;
  for (size_t i = 0; i < report.findings.size(); ++i) {
    (report.findings[i].suppressed ? suppressed : result) += Article(report, i, inventory, stacks).write();
  }
  return result + suppressed + "</section>\n";
}

}  // namespace gordian::report
