#include "analyzer/report/html/entries.h"

#include <fmt/format.h>

#include <algorithm>

#include "analyzer/report/html/markup.h"
#include "analyzer/report/phrases.h"
#include "analyzer/report/writer.h"

namespace gordian::report {
namespace {

using Thread = Inventory::Thread;
using Lock = Inventory::Lock;

std::string kind_and_mode(const finding::ResourceName& resource, const std::string& mode) {
  std::string details = resource.kind;
  if (!mode.empty() && mode != "exclusive") details += (details.empty() ? "" : ", ") + mode;
  return details.empty() ? "" : fmt::format(" <span class=\"dim\">({})</span>", html_text(details));
}

std::string findings_html(const std::vector<size_t>& findings) {
  if (findings.empty()) return "";
  std::string links;
  for (size_t number : findings)
    links +=
        fmt::format("{0}<a href=\"#finding-{1}\">finding {1}</a>", links.empty() ? "" : ", ", number + 1);
  return "<p>Part of " + links + ".</p>\n";
}

std::string lock_link(const Inventory& inventory, size_t number) {
  const Lock& lock = inventory.locks()[number];
  if (lock.thread) return html_thread_link(inventory, *lock.thread);
  return html_link(lock_id(number), name_of(lock.name));
}

// How it depends on its holder, the holder a link where it is known.
std::string holder_html(const Inventory::Wait& wait, const Inventory& inventory) {
  const finding::Step& step = *wait.step;
  if (inventory.locks()[wait.lock].thread) return "";
  const std::string phrase = holder_phrase(step);
  if (phrase.empty()) return "";
  if (!wait.holder) return ", " + html_name(phrase);
  const size_t at = phrase.find(step.held_by);
  return ", " + html_text(phrase.substr(0, at)) + html_thread_link(inventory, *wait.holder) +
         html_text(phrase.substr(at + step.held_by.size()));
}

std::string state_of(const Thread& thread) {
  if (!thread.state.empty()) return thread.state;
  return thread.is_known_by_text ? "known by name alone" : "";
}

// In a line, for the list.
std::string thread_summary(const Inventory& inventory, size_t number) {
  const Thread& thread = inventory.threads()[number];
  std::string text = html_name(title_of(thread));
  if (const std::string state = state_of(thread); !state.empty())
    text += fmt::format(" <span class=\"state\">{}</span>", html_text(state));
  for (const auto& wait : thread.waits) {
    text += fmt::format(" <span class=\"dim\">{}</span> {}", attempt_verb(wait.rule, *wait.step),
                        html_name(name_of(inventory.locks()[wait.lock].name)));
    if (wait.step->since_ms != 0)
      text += fmt::format(" <span class=\"dim\">for {}</span>", describe_duration(wait.step->since_ms));
  }
  if (!thread.holds.empty()) text += fmt::format(" <span class=\"dim\">holds {}</span>", thread.holds.size());
  if (thread.is_lit) text += " <span class=\"tag lit\">in a cycle</span>";
  return text;
}

std::string thread_html(const Inventory& inventory, size_t number, HtmlStacks& stacks) {
  const Thread& thread = inventory.threads()[number];
  std::string body = findings_html(thread.findings);
  if (!thread.name.started_at.empty())
    body += fmt::format("<p>Started in {}</p>\n", html_name(thread.name.started_at));
  for (const auto& wait : thread.waits) body += html_wait(wait, inventory, stacks);
  for (const auto& hold : thread.holds) body += html_hold(hold, inventory, stacks);
  if (!thread.at.empty()) body += "<p class=\"tie\">It is at</p>\n" + stacks.render(thread.at);
  if (thread.waits.empty() && thread.holds.empty())
    body += "<p class=\"dim\">It waits for nothing and holds nothing.</p>\n";
  return fmt::format(
      "<details class=\"entry\"><summary>{}</summary>\n<div class=\"entry-body\" "
      "id=\"{}\">\n{}</div></details>\n",
      thread_summary(inventory, number), thread_id(number), body);
}

std::string lock_holders(const Inventory& inventory, size_t number, HtmlStacks& stacks) {
  std::string result;
  for (size_t holder : inventory.locks()[number].holders) {
    const auto& holds = inventory.threads()[holder].holds;
    const auto hold = std::ranges::find(holds, number, &Inventory::Hold::lock);
    result += fmt::format("<h3>{}{}{}</h3>\n", hold == holds.end() ? "Depends on " : "Held by ",
                          html_thread_link(inventory, holder),
                          hold == holds.end() ? "" : kind_and_mode({}, hold->acquisition->mode));
    if (hold != holds.end())
      result += "<p class=\"tie\">acquired at</p>\n" + stacks.render(hold->acquisition->acquired_at);
  }
  return result.empty() ? "<p class=\"dim\">No holder is known.</p>\n" : result;
}

std::string lock_waiters(const Inventory& inventory, size_t number, HtmlStacks& stacks) {
  const std::vector<size_t>& waiters = inventory.locks()[number].waiters;
  if (waiters.empty()) return "";
  std::string result =
      fmt::format("<h3>Asked for by {}</h3>\n<ul class=\"waiters\">\n", counted(waiters.size(), "thread"));
  for (size_t waiter : waiters) {
    const auto& waits = inventory.threads()[waiter].waits;
    const auto wait = std::ranges::find(waits, number, &Inventory::Wait::lock);
    result += fmt::format("<li>{} {} it", html_thread_link(inventory, waiter),
                          attempt_verb(wait->rule, *wait->step));
    if (wait->step->since_ms != 0) result += ", for " + describe_duration(wait->step->since_ms);
    const std::string place = stacks.place_of(wait->step->waiting_at);
    result += (place.empty() ? "" : ", at " + html_name(place)) + "</li>\n";
  }
  return result + "</ul>\n";
}

std::string lock_html(const Inventory& inventory, size_t number, HtmlStacks& stacks) {
  const Lock& lock = inventory.locks()[number];
  std::string facts = html_text(lock.name.kind);
  if (lock.name.address != 0) facts += fmt::format("{}at {:#x}", facts.empty() ? "" : " ", lock.name.address);
  return fmt::format(
      "<details class=\"entry\"><summary>{} <span class=\"dim\">{}, {}, {}</span>{}</summary>\n<div "
      "class=\"entry-body\" id=\"{}\">\n{}<p class=\"dim\">{}</p>\n{}{}</div></details>\n",
      html_name(name_of(lock.name)), html_text(lock.name.kind), counted(lock.holders.size(), "holder"),
      counted(lock.waiters.size(), "waiter"), lock.is_lit ? " <span class=\"tag lit\">in a cycle</span>" : "",
      lock_id(number), findings_html(lock.findings), facts, lock_holders(inventory, number, stacks),
      lock_waiters(inventory, number, stacks));
}

// Those of cycles first, then those of findings, then the rest as they came.
template <typename Member>
std::vector<size_t> in_order_of_interest(const std::vector<Member>& members) {
  std::vector<size_t> order;
  for (size_t i = 0; i < members.size(); ++i) order.push_back(i);
  std::ranges::stable_sort(order, {}, [&](size_t i) {
    return members[i].is_lit ? 0 : members[i].findings.empty() ? 2 : 1;
  });
  return order;
}

}  // namespace

std::string html_thread_link(const Inventory& inventory, size_t thread) {
  return html_link(thread_id(thread), title_of(inventory.threads()[thread]));
}

std::string html_wait(const Inventory::Wait& wait, const Inventory& inventory, HtmlStacks& stacks) {
  const finding::Step& step = *wait.step;
  const bool is_join = inventory.locks()[wait.lock].thread.has_value();
  std::string text = fmt::format(
      "<p class=\"tie\">{} {}{}{}", attempt_verb(wait.rule, step), lock_link(inventory, wait.lock),
      is_join ? "" : kind_and_mode(inventory.locks()[wait.lock].name, step.wait_mode),
      holder_html(wait, inventory));
  if (step.since_ms != 0) text += ", for " + describe_duration(step.since_ms);
  return text + ", at</p>\n" + stacks.render(step.waiting_at);
}

std::string html_hold(const Inventory::Hold& hold, const Inventory& inventory, HtmlStacks& stacks) {
  const finding::Acquisition& acquisition = *hold.acquisition;
  const std::string what =
      "holds " + lock_link(inventory, hold.lock) + kind_and_mode(acquisition.resource, acquisition.mode);
  if (acquisition.acquired_at.empty()) return "<p class=\"tie\">" + what + "</p>\n";
  return "<p class=\"tie\">" + what + ", acquired at</p>\n" + stacks.render(acquisition.acquired_at);
}

std::string html_threads(const Inventory& inventory, HtmlStacks& stacks) {
  const size_t count = inventory.threads().size();
  if (count == 0) return "";
  std::string result = fmt::format(
      "<section id=\"threads\" aria-labelledby=\"threads-title\">\n<h2 id=\"threads-title\">Threads</h2>\n"
      "<div class=\"tools script-only\"><label for=\"thread-search\">Search threads</label> <input "
      "type=\"search\" "
      "id=\"thread-search\" autocomplete=\"off\"> <span role=\"status\" id=\"thread-count\">{0} of {0} "
      "threads</span>"
      "</div>\n<div id=\"thread-list\">\n",
      count);
  for (size_t i : in_order_of_interest(inventory.threads())) result += thread_html(inventory, i, stacks);
  return result + "</div>\n</section>\n";
}

std::string html_locks(const Inventory& inventory, HtmlStacks& stacks) {
  std::string result;
  for (size_t i : in_order_of_interest(inventory.locks())) {
    if (!inventory.locks()[i].thread) result += lock_html(inventory, i, stacks);
  }
  if (result.empty()) return "";
  return "<section id=\"locks\" aria-labelledby=\"locks-title\">\n<h2 id=\"locks-title\">Locks</h2>\n" +
         result + "</section>\n";
}

}  // namespace gordian::report
