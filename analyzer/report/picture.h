// The parts of which pictures for pages are made: nodes and arrows in DOT, with the ids and classes by which
// style and script find them again in the SVG.
//
// Promises: foreign text may be anything. A node has the id `node-ID`; an arrow has the classes `from-ID` and
// `to-ID`. What is lit is so in programs that read no style as well.
#pragma once

#include <string>
#include <string_view>

namespace gordian::report {

inline constexpr size_t kLongestLabel = 30;  // characters of a name in a picture

struct PictureNode {
  std::string id;    // made of letters, digits and hyphens
  std::string kind;  // its classes
  std::string_view shape;
  std::string label;
  std::string tooltip;  // the whole name
  std::string target;   // what it links to; itself where empty
  bool is_lit = false;
};

struct PictureEdge {
  std::string from;
  std::string to;
  std::string kind;
  std::string label;
  bool is_lit = false;
  bool is_upward = false;  // laid out as if it led the other way
};

// The text, printable, with its middle left out where it is longer than `most` characters.
std::string shortened(std::string_view text, size_t most);

// The beginning of a picture; `TB` leads downwards, `LR` to the right.
std::string picture_head(std::string_view direction);

// With `has_link`, the node is a link to `#ID` or its target.
std::string picture_node(const PictureNode& node, bool has_link);

std::string picture_edge(const PictureEdge& edge);

// One SVG with the style that follows the reader's light or dark, for a file of its own.
std::string standalone_svg(const std::string& dot);

}  // namespace gordian::report
