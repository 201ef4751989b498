#include "analyzer/report/graphviz.h"

#include <graphviz/cgraph.h>
#include <graphviz/gvc.h>

#include <memory>
#include <string_view>

namespace gordian::report {
namespace {

std::string& remarks() {
  static std::string text;
  return text;
}

int note_remark(char* text) {
  remarks() += text;
  return 0;
}

// Reading the plugins and the fonts takes longer than a small layout, so there is one context.
GVC_t* context() {
  static const std::unique_ptr<GVC_t, int (*)(GVC_t*)> the_context(gvContext(), gvFreeContext);
  return the_context.get();
}

[[noreturn]] void fail(std::string_view step) {
  std::string text = remarks().substr(0, remarks().find('\n'));
  if (text.empty()) text = "no reason was given; is the package graphviz whole?";
  throw PictureError("Graphviz could not " + std::string(step) + " a picture: " + text);
}

class Graph {
 public:
  explicit Graph(const std::string& dot) : graph_(agmemread(dot.c_str())) {
    if (graph_ == nullptr) fail("read");
  }
  ~Graph() {
    if (is_laid_out_) gvFreeLayout(context(), graph_);
    agclose(graph_);
  }
  Graph(const Graph&) = delete;
  Graph& operator=(const Graph&) = delete;

  std::string draw() {
    is_laid_out_ = gvLayout(context(), graph_, "dot") == 0;
    if (!is_laid_out_) fail("lay out");
    char* data = nullptr;
    unsigned length = 0;
    if (gvRenderData(context(), graph_, "svg", &data, &length) != 0) fail("draw");
    const std::unique_ptr<char, void (*)(char*)> owner(data, gvFreeRenderData);
    return {data, length};
  }

 private:
  Agraph_t* graph_;
  bool is_laid_out_ = false;
};

// Titles hold the names of nodes and edges, which say nothing to people, and browsers show them.
std::string without_prolog_and_titles(std::string_view svg) {
  std::string result;
  const size_t begin = svg.find("<svg");
  if (begin == svg.npos) fail("draw");
  svg.remove_prefix(begin);
  while (!svg.empty()) {
    const size_t end = std::min(svg.find('\n'), svg.size() - 1) + 1;
    const std::string_view line = svg.substr(0, end);
    if (!line.starts_with("<title>") && !line.starts_with("<!--")) result += line;
    svg.remove_prefix(end);
  }
  return result;
}

}  // namespace

std::string svg_from_dot(const std::string& dot) {
  remarks().clear();
  agseterrf(note_remark);
  return without_prolog_and_titles(Graph(dot).draw());
}

}  // namespace gordian::report
