#include "analyzer/report/svg.h"

#include <fmt/format.h>

#include "analyzer/report/dot.h"
#include "analyzer/report/inventory.h"
#include "analyzer/report/lock_order_graph.h"
#include "analyzer/report/picture.h"
#include "analyzer/report/wait_for_picture.h"

namespace gordian::report {

std::string render_picture_dot(const finding::Report& report) {
  if (report.threads.empty()) return render_dot(report);
  const WaitForPicture picture = draw_wait_for(Inventory(report));
  if (!picture.parts.empty()) return picture.parts.front();
  return "digraph wait_for {\n  nothing [shape=plaintext, label=\"nobody waits for anybody\"];\n}\n";
}

std::string render_svg(const finding::Report& report) {
  if (!report.threads.empty() || report.findings.size() <= kMostDrawnFindings)
    return standalone_svg(render_picture_dot(report));
  finding::Report strongest;
  strongest.findings.assign(report.findings.begin(), report.findings.begin() + kMostDrawnFindings);
  std::string dot = render_dot(strongest);
  dot.insert(dot.rfind('}'), fmt::format("  label=\"{} more findings, for which there was no room\";\n",
                                         report.findings.size() - kMostDrawnFindings));
  return standalone_svg(dot);
}

std::string render_lock_order_svg(const finding::LockOrder& order) {
  return standalone_svg(render_lock_order_dot(most_telling(order, kMostDrawnOrders)));
}

}  // namespace gordian::report
