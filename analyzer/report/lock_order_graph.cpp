#include "analyzer/report/lock_order_graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <vector>

#include "analyzer/finding/frames.h"
#include "analyzer/report/components.h"
#include "analyzer/report/dot.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/json.h"

namespace gordian::report {
namespace {

using finding::OrderEdge;

std::string not_shown(const finding::LockOrder& order) {
  return fmt::format("{} more order{} {} seen, for which there was no room", order.edges_not_shown,
                     order.edges_not_shown == 1 ? "" : "s", order.edges_not_shown == 1 ? "was" : "were");
}

// The lines of one arrow under each other, by the numbers of its locks.
class Picture {
 public:
  void add(const OrderEdge& edge) {
    const size_t from = number_of(order_name(edge.from));
    const size_t to = number_of(order_name(edge.to));
    labels_[{from, to}].insert(order_circumstances(edge));
  }

  std::string draw() const {
    std::string result;
    for (size_t i = 0; i < names_.size(); ++i)
      result += fmt::format("  l{} [shape=ellipse, label={}];\n", i, dot_string(names_[i]));
    std::vector<Arrow> arrows;
    for (const auto& [ends, labels] : labels_) arrows.push_back(ends);
    const std::vector<size_t> knots = components_of(names_.size(), arrows);
    for (const auto& [ends, labels] : labels_) {
      result += fmt::format("  l{} -> l{} [label={}{}];\n", ends.first, ends.second,
                            dot_string(fmt::format("{}", fmt::join(labels, "\n"))),
                            knots[ends.first] == knots[ends.second] ? ", color=\"#b3261e\", penwidth=2" : "");
    }
    return result;
  }

 private:
  size_t number_of(const std::string& name) {
    const auto [place, is_new] = numbers_.try_emplace(name, names_.size());
    if (is_new) names_.push_back(name);
    return place->second;
  }

  std::vector<std::string> names_;
  std::map<std::string, size_t> numbers_;
  std::map<std::pair<size_t, size_t>, std::set<std::string>> labels_;
};

}  // namespace

std::string order_name(const finding::ResourceName& resource) {
  if (!resource.stable.empty()) return printable(resource.stable);
  return resource.kind.empty() ? "??" : printable(resource.kind);
}

std::string order_circumstances(const OrderEdge& edge) {
  const std::string first = finding::own_function(edge.acquired_at);
  const std::string second = finding::own_function(edge.attempted_at);
  std::string text = fmt::format("[{}, {}] in {}", printable(edge.from_mode), printable(edge.to_mode),
                                 first.empty() ? "??" : printable(first));
  if (second != first) text += ", then " + (second.empty() ? "??" : printable(second));
  if (!edge.guards.empty()) {
    std::set<std::string> guards;
    for (const std::string& guard : edge.guards) guards.insert(printable(guard));
    text += fmt::format(", held with {{{}}}", fmt::join(guards, ", "));
  }
  return text;
}

std::string order_line(const OrderEdge& edge) {
  return fmt::format("{} -> {}  {}", order_name(edge.from), order_name(edge.to), order_circumstances(edge));
}

std::string render_lock_order_text(const finding::LockOrder& order) {
  std::set<std::string> lines;
  for (const OrderEdge& edge : order.edges) lines.insert(order_line(edge));
  std::string result = "# FROM -> TO  [modes] in FUNCTION, held with {GUARDS}\n";
  for (const std::string& line : lines) result += line + '\n';
  if (lines.empty()) result += "# no lock was asked for while another was held\n";
  if (order.edges_not_shown != 0) result += "# " + not_shown(order) + '\n';
  return result;
}

std::string render_lock_order_json(const finding::LockOrder& order) {
  return dump(to_json(order));
}

finding::LockOrder most_telling(const finding::LockOrder& order, size_t most) {
  if (order.edges.size() <= most) return order;
  std::map<std::string, size_t> numbers;
  auto number_of = [&](const finding::ResourceName& lock) {
    return numbers.try_emplace(order_name(lock), numbers.size()).first->second;
  };
  std::vector<Arrow> arrows;
  for (const OrderEdge& edge : order.edges) {
    const size_t from = number_of(edge.from);
    arrows.emplace_back(from, number_of(edge.to));
  }
  const std::vector<size_t> knots = components_of(numbers.size(), arrows);
  finding::LockOrder result{.edges_not_shown = order.edges_not_shown + order.edges.size() - most};
  for (bool is_on_cycle : {true, false}) {
    for (size_t i = 0; i < arrows.size() && result.edges.size() < most; ++i) {
      if ((knots[arrows[i].first] == knots[arrows[i].second]) == is_on_cycle)
        result.edges.push_back(order.edges[i]);
    }
  }
  return result;
}

std::string render_lock_order_dot(const finding::LockOrder& order) {
  Picture picture;
  for (const OrderEdge& edge : order.edges) picture.add(edge);
  std::string result =
      "digraph lock_order {\n"
      "  node [fontname=\"sans-serif\", fontsize=11];\n"
      "  edge [fontname=\"sans-serif\", fontsize=9];\n";
  if (order.edges_not_shown != 0)
    result += fmt::format("  fontname=\"sans-serif\";\n  label={};\n", dot_string(not_shown(order)));
  return result + picture.draw() + "}\n";
}

}  // namespace gordian::report
