// A graph on its way to a picture, or to several: one for each part that hangs together.
//
// Promises: the same graph gives the same bytes. Parts with something lit come first, otherwise in the order
// of their first nodes. A picture leads downwards, unless so many arrows meet in one node that it would be a
// strip too wide for a screen; then it leads to the right.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/report/picture.h"

namespace gordian::report {

class PictureGraph {
 public:
  // A node that is there already stays as it is.
  void add(PictureNode node);

  // Both ends have to be there when the graph is drawn.
  void add(PictureEdge edge) { edges_.push_back(std::move(edge)); }

  // The two stand in one line.
  void put_beside(std::string left, std::string right) {
    beside_.emplace_back(std::move(left), std::move(right));
  }

  bool empty() const { return nodes_.empty(); }

  // In DOT: all in one, or part by part with nodes that are links.
  std::string whole() const;
  std::vector<std::string> parts() const;

 private:
  size_t arrows_between(const std::string& one, const std::string& other) const;
  std::string part(const std::vector<size_t>& members, bool has_links) const;

  std::vector<PictureNode> nodes_;
  std::map<std::string, size_t> numbers_;
  std::vector<PictureEdge> edges_;
  std::vector<std::pair<std::string, std::string>> beside_;
};

}  // namespace gordian::report
