// The page as a whole; its parts are made by the files beside this one.
#include <fmt/format.h>

#include <set>

#include "analyzer/report/html.h"
#include "analyzer/report/html/entries.h"
#include "analyzer/report/html/figure.h"
#include "analyzer/report/html/findings.h"
#include "analyzer/report/html/lock_orders.h"
#include "analyzer/report/html/markup.h"
#include "analyzer/report/html/page_parts.h"
#include "analyzer/report/phrases.h"
#include "analyzer/report/picture.h"
#include "analyzer/report/text.h"
#include "analyzer/report/wait_for_picture.h"

namespace gordian::report {
namespace {

using finding::Finding;
using finding::Report;

// What is most worth knowing: that threads hang, where they do; what was found otherwise.
std::string verdict(const Report& report) {
  std::set<std::pair<uint32_t, uint32_t>> stuck;
  uint64_t more = 0;
  bool is_deadlock = true;
  for (const Finding& finding : report.findings) {
    if (finding.suppressed || finding.grade < finding::Grade::kInferred ||
        !finding::is_about_waiting(finding.rule))
      continue;
    for (const finding::Step& step : finding.cycle) stuck.insert({step.thread.pid, step.thread.tid});
    more += finding.members_not_shown + finding.waiting_behind;
    is_deadlock &=
        finding.rule == finding::RuleId::kDeadlock || finding.rule == finding::RuleId::kSelfDeadlock;
  }
  if (stuck.empty()) {
    std::string text = headline(report);
    if (text.ends_with(':')) text.pop_back();
    text[0] = static_cast<char>(text[0] == 'n' ? 'N' : text[0]);
    return text;
  }
  std::string text = counted(stuck.size(), "thread") + (stuck.size() == 1 ? " is " : " are ") +
                     (is_deadlock ? "deadlocked" : "stuck for ever");
  if (more != 0) text += fmt::format(", and {} more cannot go on either", more);
  return text;
}

std::string program_html(const Report& report) {
  const finding::Program& program = report.program;
  std::string result = "<dl class=\"facts program\">\n";
  auto fact = [&](std::string_view name, const std::string& html) {
    result += fmt::format("<div><dt>{}</dt><dd>{}</dd></div>\n", name, html);
  };
  if (!program.path.empty()) {
    std::string command = program.path;
    for (size_t i = 1; i < program.arguments.size(); ++i) command += " " + program.arguments[i];
    fact("Program", "<code>" + html_name(command) + "</code>");
  }
  if (program.pid != 0) {
    fact("Process", fmt::format("{}{}", program.pid,
                                !report.running   ? ""
                                : *report.running ? ", running when this was written"
                                                  : ", has ended"));
  }
  if (!program.started.empty()) fact("Started", html_text(program.started));
  for (const std::string& assumption : report.assumptions) fact("Read as", html_text(assumption));
  if (const size_t others = report.other_programs.size(); others != 0)
    fact("Besides", fmt::format("{} more", others));
  return result + "</dl>\n";
}

std::string header_html(const Report& report) {
  std::string second;
  const std::string first = verdict(report);
  if (!report.findings.empty() && first != headline(report)) second += "<p>" + headline(report) + "</p>\n";
  if (const size_t unseen = report.unseen.size(); unseen != 0) {
    second +=
        fmt::format("<p><a href=\"#unseen\">{} {} not seen</a>: what follows from that is told below.</p>\n",
                    counted(unseen, "thing"), unseen == 1 ? "was" : "were");
  }
  return fmt::format(
      "<header>\n<div class=\"bar\"><span class=\"brand\">gordian {}</span><button type=\"button\" "
      "id=\"theme\" "
      "class=\"script-only\" aria-pressed=\"false\">Dark</button></div>\n<h1>{}</h1>\n{}{}</header>\n",
      GORDIAN_VERSION, first, second, program_html(report));
}

std::string caption_of(const WaitForPicture& picture) {
  std::string text =
      "Boxes are threads, ellipses are locks. An arrow from a thread leads to what it waits for, an arrow "
      "from a lock to "
      "the thread that has it.";
  if (picture.has_cycle) text += " Cycles are lit.";
  text += " Choose a thread or a lock to see its stacks.";
  if (picture.together != 0)
    text += fmt::format(" {} only wait where others wait as well, and share a node.",
                        counted(picture.together, "thread"));
  if (picture.idle != 0)
    text += fmt::format(" Not drawn, for they wait for nothing and keep nobody waiting: {}.",
                        counted(picture.idle, "thread"));
  if (picture.no_room != 0)
    text += fmt::format(" There was no room for {}.", counted(picture.no_room, "more thread"));
  if (picture.together + picture.idle + picture.no_room != 0) text += " The list of threads has all of them.";
  return text;
}

std::string wait_for_html(const Inventory& inventory) {
  const WaitForPicture picture = draw_wait_for_parts(inventory);
  if (picture.parts.empty()) return "";
  return "<section id=\"wait-for\" aria-labelledby=\"wait-for-title\">\n"
         "<h2 id=\"wait-for-title\">Who waits for whom</h2>\n" +
         html_figure({.id = "wait-for-picture",
                      .label = fmt::format("Wait-for graph of {}{}", counted(picture.drawn, "thread"),
                                           picture.has_cycle ? ", with a cycle" : ""),
                      .parts = picture.parts,
                      .caption = caption_of(picture)}) +
         "</section>\n";
}

std::string unseen_html(const Report& report) {
  if (report.unseen.empty()) return "";
  std::string rows;
  for (const finding::Unseen& each : report.unseen) {
    rows += fmt::format("<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                        html_name(each.what), each.count, html_text(each.why), html_text(each.consequence));
  }
  return "<section id=\"unseen\" aria-labelledby=\"unseen-title\">\n<h2 id=\"unseen-title\">Not seen</h2>\n"
         "<table><thead><tr><th scope=\"col\">what</th><th scope=\"col\">times</th><th scope=\"col\">why</th>"
         "<th scope=\"col\">what follows</th></tr></thead><tbody>\n" +
         rows + "</tbody></table>\n</section>\n";
}

std::string contents_html(const std::string& main) {
  std::string links;
  for (const auto& [id, name] : {std::pair{"wait-for", "Who waits for whom"},
                                 {"findings", "Findings"},
                                 {"lock-order", "Lock order"},
                                 {"threads", "Threads"},
                                 {"locks", "Locks"},
                                 {"unseen", "Not seen"}}) {
    if (main.find(fmt::format("<section id=\"{}\"", id)) != main.npos)
      links += fmt::format("<a href=\"#{}\">{}</a>\n", id, name);
  }
  return links.empty() ? "" : "<nav aria-label=\"Contents\">\n" + links + "</nav>\n";
}

std::string head_html(const Report& report) {
  const std::string title =
      report.program.path.empty() ? "report" : std::string(base_name(report.program.path));
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '{}'; script-src "
      "'{}'; "
      "base-uri 'none'; form-action 'none'\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta name=\"color-scheme\" content=\"light dark\">\n<title>{}: "
      "gordian</title>\n<style>{}</style>\n</head>\n",
      kPageStyleHash, kPageScriptHash, html_text(shortened(title, 60)), kPageStyle);
}

}  // namespace

std::string render_html(const Report& report, const HtmlOptions& options) {
  const Inventory inventory(report);
  HtmlStacks stacks(options);
  const std::string main = wait_for_html(inventory) + html_findings(report, inventory, stacks) +
                           html_lock_orders(report.lock_order, stacks) + html_threads(inventory, stacks) +
                           html_locks(inventory, stacks) + unseen_html(report);
  return head_html(report) + "<body>\n<a class=\"skip\" href=\"#main\">Skip to the content</a>\n" +
         header_html(report) + contents_html(main) + "<main id=\"main\" tabindex=\"-1\">\n" + main +
         "</main>\n"
         "<aside id=\"panel\" hidden tabindex=\"-1\" aria-labelledby=\"panel-title\">\n<div class=\"bar\">"
         "<h2 id=\"panel-title\"></h2><button type=\"button\" id=\"close\">Close</button></div>\n"
         "<div id=\"panel-body\"></div>\n</aside>\n<script>" +
         std::string(kPageScript) + "</script>\n</body>\n</html>\n";
}

}  // namespace gordian::report
