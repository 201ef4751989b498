#include "analyzer/finding/sides.h"

#include <map>

namespace gordian::finding {

void name_sides(Finding& finding) {
  if (finding.cycle.size() < 2) return;
  std::map<std::string, size_t> uses;
  for (const Step& step : finding.cycle) ++uses[step.thread.name];
  for (size_t i = 0; i < finding.cycle.size(); ++i) {
    ThreadName& thread = finding.cycle[i].thread;
    if (thread.tid != 0) continue;
    const std::string side = "side " + std::to_string(i + 1);
    if (thread.name.empty()) {
      thread.name = side;
    } else if (uses[thread.name] > 1) {
      thread.name += " (" + side + ')';
    }
  }
  for (Step& step : finding.cycle) {
    if (!step.held_by_step || *step.held_by_step >= finding.cycle.size()) continue;
    const ThreadName& holder = finding.cycle[*step.held_by_step].thread;
    if (holder.tid == 0) step.held_by = '"' + holder.name + '"';
  }
}

}  // namespace gordian::finding
