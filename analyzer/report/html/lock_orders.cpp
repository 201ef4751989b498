#include "analyzer/report/html/lock_orders.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "analyzer/report/components.h"
#include "analyzer/report/html/figure.h"
#include "analyzer/report/html/markup.h"
#include "analyzer/report/lock_order_graph.h"
#include "analyzer/report/picture_graph.h"

namespace gordian::report {
namespace {

using finding::OrderEdge;

std::string order_id(size_t lock) {
  return fmt::format("order-{}", lock + 1);
}

// The locks by their names, and the orders between them.
class Orders {
 public:
  explicit Orders(const finding::LockOrder& order) {
    for (const OrderEdge& edge : order.edges) {
      const size_t from = number_of(order_name(edge.from));
      edges_[{from, number_of(order_name(edge.to))}].push_back(&edge);
    }
    std::vector<Arrow> arrows;
    for (const auto& [ends, edges] : edges_) arrows.push_back(ends);
    knots_ = components_of(names_.size(), arrows);
    for (const Arrow& ends : arrows) {
      if (is_on_cycle(ends)) cyclic_.insert(ends.first);
    }
  }

  const std::vector<std::string>& names() const { return names_; }
  const std::map<Arrow, std::vector<const OrderEdge*>>& edges() const { return edges_; }
  bool is_on_cycle(const Arrow& ends) const { return knots_[ends.first] == knots_[ends.second]; }

  // Whether one of the orders of the lock lies on a cycle.
  bool has_cycle(size_t lock) const { return cyclic_.contains(lock); }

  // The arrows that are drawn.
  std::vector<Arrow> drawn() const {
    std::vector<Arrow> arrows;
    for (const auto& [ends, edges] : edges_) arrows.push_back(ends);
    std::ranges::stable_sort(arrows, {}, [this](const Arrow& ends) { return !is_on_cycle(ends); });
    if (arrows.size() > kMostOrders) arrows.resize(kMostOrders);
    return arrows;
  }

 private:
  size_t number_of(const std::string& name) {
    const auto [place, is_new] = numbers_.try_emplace(name, names_.size());
    if (is_new) names_.push_back(name);
    return place->second;
  }

  std::vector<std::string> names_;
  std::map<std::string, size_t> numbers_;
  std::map<Arrow, std::vector<const OrderEdge*>> edges_;
  std::vector<size_t> knots_;
  std::set<size_t> cyclic_;
};

PictureGraph graph_of(const Orders& orders) {
  PictureGraph graph;
  for (const Arrow& ends : orders.drawn()) {
    for (size_t lock : {ends.first, ends.second}) {
      const std::string& name = orders.names()[lock];
      graph.add(PictureNode{.id = order_id(lock),
                            .kind = "lock",
                            .shape = "ellipse",
                            .label = shortened(name, kLongestLabel),
                            .tooltip = name,
                            .is_lit = orders.has_cycle(lock)});
    }
    const size_t count = orders.edges().at(ends).size();
    graph.add(PictureEdge{.from = order_id(ends.first),
                          .to = order_id(ends.second),
                          .kind = "orders",
                          .label = count == 1 ? "" : counted(count, "way"),
                          .is_lit = orders.is_on_cycle(ends)});
  }
  return graph;
}

std::string order_html(const Orders& orders, const Arrow& ends, HtmlStacks& stacks) {
  std::string result =
      fmt::format("<h3>While it is held, {} is asked for{}</h3>\n",
                  html_link(order_id(ends.second), orders.names()[ends.second]),
                  orders.is_on_cycle(ends) ? " <span class=\"tag lit\">on a cycle</span>" : "");
  for (const OrderEdge* edge : orders.edges().at(ends)) {
    std::string threads;
    for (const std::string& name : edge->threads) threads += (threads.empty() ? "" : ", ") + html_name(name);
    if (!threads.empty()) threads = " by " + threads;
    result += fmt::format(
        "<p class=\"circumstances\">{}{}</p>\n<p class=\"tie\">Taken at</p>\n{}<p class=\"tie\">The other "
        "asked for at</p>\n{}",
        html_name(order_circumstances(*edge)), threads, stacks.render(edge->acquired_at),
        stacks.render(edge->attempted_at));
  }
  return result;
}

std::string lock_html(const Orders& orders, size_t lock, HtmlStacks& stacks) {
  std::string after;
  std::string before;
  size_t count = 0;
  for (const auto& [ends, edges] : orders.edges()) {
    if (ends.first == lock) {
      after += order_html(orders, ends, stacks);
      ++count;
    }
    if (ends.second == lock && ends.first != lock)
      before += fmt::format("<li>{}</li>\n", html_link(order_id(ends.first), orders.names()[ends.first]));
  }
  if (!before.empty()) before = "<h3>Asked for while one of these is held</h3>\n<ul>\n" + before + "</ul>\n";
  return fmt::format(
      "<details class=\"entry\"><summary>{} <span class=\"dim\">{}</span>{}</summary>\n<div "
      "class=\"entry-body\" "
      "id=\"{}\">\n{}{}</div></details>\n",
      html_name(orders.names()[lock]),
      count == 0 ? "nothing is asked for under it" : "before " + counted(count, "other"),
      orders.has_cycle(lock) ? " <span class=\"tag lit\">on a cycle</span>" : "", order_id(lock), after,
      before);
}

}  // namespace

std::string html_lock_orders(const finding::LockOrder& order, HtmlStacks& stacks) {
  if (order.edges.empty()) return "";
  const Orders orders(order);
  const size_t drawn = orders.drawn().size();
  std::string caption =
      "An arrow leads from a lock that was held to one that was asked for meanwhile. Orders on a cycle are "
      "lit: two "
      "threads that take them at once can deadlock.";
  if (drawn < orders.edges().size()) {
    caption += fmt::format(" {} of {} orders are drawn, those on cycles first; the list below has them all.",
                           drawn, orders.edges().size());
  }
  if (order.edges_not_shown != 0) {
    caption += fmt::format(" {} {} seen for which the record had no room.",
                           counted(order.edges_not_shown, "more order"),
                           order.edges_not_shown == 1 ? "was" : "were");
  }
  std::string result =
      "<section id=\"lock-order\" aria-labelledby=\"lock-order-title\">\n"
      "<h2 id=\"lock-order-title\">Lock order</h2>\n";
  result +=
      html_figure({.id = "order-picture",
                   .label = fmt::format("Lock-order graph of {}, {}", counted(orders.names().size(), "lock"),
                                        counted(drawn, "order")),
                   .parts = graph_of(orders).parts(),
                   .caption = caption});
  for (bool is_lit : {true, false}) {
    for (size_t lock = 0; lock < orders.names().size(); ++lock) {
      if (orders.has_cycle(lock) == is_lit) result += lock_html(orders, lock, stacks);
    }
  }
  return result + "</section>\n";
}

}  // namespace gordian::report
