#include "analyzer/report/picture_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "analyzer/report/components.h"

namespace gordian::report {
namespace {

constexpr size_t kMostBeside = 6;

}  // namespace

void PictureGraph::add(PictureNode node) {
  if (numbers_.try_emplace(node.id, nodes_.size()).second) nodes_.push_back(std::move(node));
}

std::string PictureGraph::whole() const {
  std::vector<size_t> all(nodes_.size());
  std::iota(all.begin(), all.end(), size_t{0});
  return part(all, false);
}

std::vector<std::string> PictureGraph::parts() const {
  // With every arrow both ways, what hangs together is one component.
  std::vector<Arrow> arrows;
  for (const PictureEdge& edge : edges_) {
    arrows.emplace_back(numbers_.at(edge.from), numbers_.at(edge.to));
    arrows.emplace_back(numbers_.at(edge.to), numbers_.at(edge.from));
  }
  const std::vector<size_t> components = components_of(nodes_.size(), arrows);
  std::map<size_t, std::vector<size_t>> members;
  for (size_t i = 0; i < nodes_.size(); ++i) members[components[i]].push_back(i);
  std::vector<std::vector<size_t>> sorted;
  for (const auto& [component, nodes] : members) sorted.push_back(nodes);
  std::ranges::sort(sorted, {}, [this](const std::vector<size_t>& nodes) {
    return std::pair(std::ranges::none_of(nodes, [this](size_t node) { return nodes_[node].is_lit; }),
                     nodes[0]);
  });
  std::vector<std::string> result;
  for (const std::vector<size_t>& nodes : sorted) result.push_back(part(nodes, true));
  return result;
}

// Graphviz 2.43 frees memory twice when several labelled arrows join neighbours of one rank.
size_t PictureGraph::arrows_between(const std::string& one, const std::string& other) const {
  return static_cast<size_t>(std::ranges::count_if(edges_, [&](const PictureEdge& edge) {
    return (edge.from == one && edge.to == other) || (edge.from == other && edge.to == one);
  }));
}

std::string PictureGraph::part(const std::vector<size_t>& members, bool has_links) const {
  const std::set<size_t> inside(members.begin(), members.end());
  std::map<std::string, size_t> incoming;
  std::map<std::string, size_t> outgoing;
  std::string edges;
  for (const PictureEdge& edge : edges_) {
    if (!inside.contains(numbers_.at(edge.from))) continue;
    edges += picture_edge(edge);
    ++incoming[edge.to];
    ++outgoing[edge.from];
  }
  const auto is_broad = [](const auto& count) { return count.second > kMostBeside; };
  const bool leads_right = std::ranges::any_of(incoming, is_broad) || std::ranges::any_of(outgoing, is_broad);
  std::string result = picture_head(leads_right ? "LR" : "TB");
  for (size_t node : members) result += picture_node(nodes_[node], has_links);
  result += edges;
  for (const auto& [left, right] : beside_) {
    if (inside.contains(numbers_.at(left)) && arrows_between(left, right) < 2)
      result += fmt::format("  {{ rank=same; \"{}\"; \"{}\"; }}\n", left, right);
  }
  return result + "}\n";
}

}  // namespace gordian::report
