#include "analyzer/report/picture.h"

#include <fmt/format.h>

#include <vector>

#include "analyzer/report/dot.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/graphviz.h"
#include "analyzer/report/html/page_parts.h"

namespace gordian::report {
namespace {

bool starts_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xc0) != 0x80;
}

// Graphviz sets the words of an arrow close to its line.
std::string with_room(std::string_view label) {
  if (label.empty()) return "";
  std::string result = "  ";
  for (char character : label) {
    if (character == '\n') result += "  ";
    result += character;
    if (character == '\n') result += "  ";
  }
  return result + "  ";
}

constexpr std::string_view kLitColour = "#b3261e";

}  // namespace

std::string shortened(std::string_view text, size_t most) {
  const std::string whole = printable(text);
  std::vector<size_t> starts;
  for (size_t i = 0; i < whole.size(); ++i) {
    if (starts_character(whole[i])) starts.push_back(i);
  }
  if (starts.size() <= most) return whole;
  // More of the beginning: it tells names apart; the end of a function's name tells its parameters.
  const size_t tail = most / 3;
  const size_t head = most - tail - 1;
  return whole.substr(0, starts[head]) + "\u2026" + whole.substr(starts[starts.size() - tail]);
}

std::string picture_head(std::string_view direction) {
  return fmt::format(
      "digraph gordian {{\n"
      "  rankdir={};\n"
      "  bgcolor=transparent;\n"
      "  nodesep=0.3;\n"
      "  ranksep=0.45;\n"
      "  node [fontname=\"DejaVu Sans,Verdana,sans-serif\", fontsize=11, margin=\"0.12,0.06\", height=0.4];\n"
      "  edge [fontname=\"DejaVu Sans,Verdana,sans-serif\", fontsize=9, arrowsize=0.7];\n",
      direction);
}

std::string picture_node(const PictureNode& node, bool has_link) {
  std::string text =
      fmt::format("  \"{0}\" [id=\"node-{0}\", class=\"{1}{2}\", shape={3}, label={4}", node.id, node.kind,
                  node.is_lit ? " lit" : "", node.shape, dot_string(node.label));
  if (node.shape == "box") text += ", style=rounded";
  if (node.is_lit) text += fmt::format(", color=\"{}\", penwidth=2", kLitColour);
  if (has_link) {
    text += fmt::format(", URL=\"#{}\", tooltip={}", node.target.empty() ? node.id : node.target,
                        dot_tooltip(node.tooltip));
  }
  return text + "];\n";
}

std::string picture_edge(const PictureEdge& edge) {
  const std::string& tail = edge.is_upward ? edge.to : edge.from;
  const std::string& head = edge.is_upward ? edge.from : edge.to;
  std::string text =
      fmt::format("  \"{}\" -> \"{}\" [class=\"{}{} from-{} to-{}\", label={}", tail, head, edge.kind,
                  edge.is_lit ? " lit" : "", edge.from, edge.to, dot_string(with_room(edge.label)));
  if (edge.is_upward) text += ", dir=back";
  if (edge.kind.ends_with("order") || edge.kind.ends_with("link")) text += ", style=dashed";
  if (edge.is_lit) text += fmt::format(", color=\"{}\", penwidth=2", kLitColour);
  return text + "];\n";
}

std::string standalone_svg(const std::string& dot) {
  const std::string svg = svg_from_dot(dot);
  const size_t end_of_tag = svg.find('>') + 1;
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n<style>\n{}</style>{}",
                     svg.substr(0, end_of_tag), kPictureStyle, svg.substr(end_of_tag));
}

}  // namespace gordian::report
