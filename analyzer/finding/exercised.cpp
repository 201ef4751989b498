#include "analyzer/finding/exercised.h"

#include <algorithm>
#include <set>

#include "analyzer/finding/frames.h"
#include "analyzer/finding/lock_orders.h"

namespace gordian::finding {
namespace {

constexpr const char* kConfirmed = "confirmed";
constexpr const char* kObserved = "observed";
constexpr const char* kNever = "never exercised";

int rank_of(const std::string& outcome) {
  return outcome == kConfirmed ? 2 : outcome == kObserved ? 1 : 0;
}

bool is_of_source_alone(const Stack& stack) {
  return std::ranges::all_of(stack,
                             [](const Frame& frame) { return frame.address == 0 && frame.module.empty(); });
}

// An order that a run saw; those of the static pass have no addresses.
bool is_observed(const OrderEdge& edge) {
  return edge.from.address != 0 || edge.to.address != 0 || !is_of_source_alone(edge.acquired_at) ||
         !is_of_source_alone(edge.attempted_at);
}

bool same_name(const ResourceName& left, const ResourceName& right) {
  return !is_nameless(left) && left.stable == right.stable;
}

// The parameters of one compiler's lambda are not another's.
bool same_function(const std::string& left, const std::string& right) {
  const std::string_view one = without_parameters(left);
  const std::string_view other = without_parameters(right);
  const auto is_anonymous = [](std::string_view name) {
    return name.find('{') != name.npos || name.find("lambda") != name.npos;
  };
  return one == other || is_anonymous(one) || is_anonymous(other);
}

// Builds and checks may be made in different directories; with the function and the line the base name is
// enough.
bool same_file(std::string_view left, std::string_view right) {
  return left.substr(left.rfind('/') + 1) == right.substr(right.rfind('/') + 1);
}

bool same_site(const Stack& left, const Stack& right) {
  const Frame* one = telling_frame(left);
  const Frame* other = telling_frame(right);
  return one != nullptr && other != nullptr && one->line == other->line &&
         same_file(one->file, other->file) && same_function(one->function, other->function);
}

// What one side of a cycle holds that the side before it asks for, while it asks for more.
struct Order {
  const Acquisition* held = nullptr;  // null: nothing in it is what another side asks for
  const Step* step = nullptr;
};

std::vector<Order> orders_of(const Finding& finding) {
  std::vector<Order> orders;
  for (size_t i = 0; i < finding.cycle.size(); ++i) {
    const Step& step = finding.cycle[i];
    Order order{nullptr, &step};
    for (const Step& other : finding.cycle) {
      if (other.held_by_step != i) continue;
      const auto hold = std::ranges::find_if(step.holds, [&](const Acquisition& each) {
        return each.resource.name == other.waits_for.name && each.resource.stable == other.waits_for.stable;
      });
      if (hold != step.holds.end()) order.held = &*hold;
    }
    if (order.held == nullptr && !step.holds.empty()) order.held = &step.holds.front();
    orders.push_back(order);
  }
  return orders;
}

bool is_order(const OrderEdge& edge, const Order& order) {
  if (order.held == nullptr) return false;
  if (same_name(edge.from, order.held->resource) && same_name(edge.to, order.step->waits_for)) return true;
  return same_site(edge.acquired_at, order.held->acquired_at) &&
         same_site(edge.attempted_at, order.step->waiting_at);
}

// Two sides of a cycle may stand in one function, with the objects the other way round: then an order of two
// objects is one side's, not both's.
bool tells_objects_apart(const OrderEdge& edge) {
  return !is_nameless(edge.from) && !is_nameless(edge.to) && edge.from.stable != edge.to.stable;
}

// One thread of a run's finding does what a side of the static one may do.
bool is_side(const Step& run, const Step& side) {
  const bool same_locks = same_name(run.waits_for, side.waits_for) &&
                          std::ranges::any_of(run.holds, [&](const Acquisition& each) {
                            return std::ranges::any_of(side.holds, [&](const Acquisition& hold) {
                              return same_name(each.resource, hold.resource);
                            });
                          });
  if (same_locks && same_function(own_function(run.waiting_at), own_function(side.waiting_at))) return true;
  return same_site(run.waiting_at, side.waiting_at) &&
         std::ranges::any_of(run.holds, [&](const Acquisition& each) {
           return std::ranges::any_of(side.holds, [&](const Acquisition& hold) {
             return same_site(each.acquired_at, hold.acquired_at);
           });
         });
}

// Whether the two cycles go the same way; where each begins does not matter.
bool same_cycle(const Finding& run, const Finding& finding) {
  if (run.rule == finding.rule && !finding.fingerprint.empty() && run.fingerprint == finding.fingerprint)
    return true;
  const size_t size = finding.cycle.size();
  if (size == 0 || run.cycle.size() != size) return false;
  for (size_t shift = 0; shift < size; ++shift) {
    bool fits = true;
    for (size_t i = 0; i < size && fits; ++i) fits = is_side(run.cycle[(i + shift) % size], finding.cycle[i]);
    if (fits) return true;
  }
  return false;
}

struct Runs {
  std::vector<const Finding*> cycles;
  std::vector<const OrderEdge*> edges;
  uint64_t edges_not_shown = 0;
  bool is_any = false;
};

Runs runs_of(const std::vector<Report>& reports) {
  Runs runs;
  for (const Report& report : reports) {
    const bool is_run =
        report.program.pid != 0 ||
        std::ranges::any_of(report.other_programs, [](const Program& each) { return each.pid != 0; });
    runs.is_any |= is_run;
    if (!is_run) continue;
    runs.edges_not_shown += report.lock_order.edges_not_shown;
    for (const Finding& each : report.findings) {
      const bool is_cycle = each.rule == RuleId::kDeadlock || each.rule == RuleId::kLockOrderInversion;
      if (is_cycle && !is_static(each)) runs.cycles.push_back(&each);
    }
    for (const OrderEdge& each : report.lock_order.edges) {
      if (is_observed(each)) runs.edges.push_back(&each);
    }
  }
  return runs;
}

std::string place_of(const Stack& stack) {
  const Frame* frame = telling_frame(stack);
  if (frame == nullptr) return "an unknown place";
  const std::string file = frame->file.substr(frame->file.rfind('/') + 1);
  const std::string place = file + ':' + std::to_string(frame->line);
  return frame->function.empty() ? place : frame->function + " at " + place;
}

std::string text_of(const Order& order) {
  const std::string from = order.held == nullptr ? "nothing" : order.held->resource.name;
  return from + " -> " + order.step->waits_for.name + " (" + place_of(order.step->waiting_at) + ')';
}

Exercised by_orders(const Finding& finding, const Runs& runs) {
  const std::vector<Order> orders = orders_of(finding);
  std::string missing;
  size_t seen = 0;
  std::set<const OrderEdge*> used;
  for (const Order& order : orders) {
    const auto edge = std::ranges::find_if(
        runs.edges, [&](const OrderEdge* each) { return !used.contains(each) && is_order(*each, order); });
    if (edge != runs.edges.end()) {
      ++seen;
      if (tells_objects_apart(**edge)) used.insert(*edge);
    } else {
      missing += (missing.empty() ? "" : ", ") + text_of(order);
    }
  }
  if (seen == orders.size()) return {kObserved, "runs took the locks in every one of these orders"};
  std::string text = std::to_string(seen) + " of its " + std::to_string(orders.size()) +
                     " orders were seen in runs; not seen: " + missing;
  if (runs.edges_not_shown != 0)
    text += "; the runs had no room for " + std::to_string(runs.edges_not_shown) + " more orders";
  return {kNever, text};
}

Exercised judge(const Finding& finding, const Runs& runs) {
  const Finding* strongest = nullptr;
  for (const Finding* each : runs.cycles) {
    if (same_cycle(*each, finding) && (strongest == nullptr || each->grade > strongest->grade))
      strongest = each;
  }
  if (strongest == nullptr) return by_orders(finding, runs);
  const std::string what = std::string(name_of(strongest->grade)) + ' ' +
                           std::string(name_of(strongest->rule)) +
                           (strongest->fingerprint.empty() ? "" : ", fingerprint " + strongest->fingerprint);
  if (strongest->grade >= Grade::kConfirmed) return {kConfirmed, "it happened: " + what};
  std::string text = "a run took the locks in these orders: " + what;
  if (!strongest->grade_reason.empty()) text += "; " + strongest->grade_reason;
  return {kObserved, text};
}

}  // namespace

bool is_static(const Finding& finding) {
  return finding.pid == 0 && finding.grade <= Grade::kPossible && !finding.cycle.empty() &&
         std::ranges::all_of(finding.cycle, [](const Step& step) {
           return step.thread.tid == 0 && step.thread.pid == 0 && is_of_source_alone(step.waiting_at) &&
                  std::ranges::all_of(step.holds, [](const Acquisition& hold) {
                    return hold.resource.address == 0 && is_of_source_alone(hold.acquired_at);
                  });
         });
}

void mark_exercised(std::vector<Report>& reports) {
  const Runs runs = runs_of(reports);
  if (!runs.is_any) return;
  for (Report& report : reports) {
    for (Finding& finding : report.findings) {
      if (finding.rule != RuleId::kLockOrderInversion || !is_static(finding)) continue;
      Exercised now = judge(finding, runs);
      if (!finding.exercised || rank_of(now.outcome) >= rank_of(finding.exercised->outcome))
        finding.exercised = std::move(now);
    }
  }
}

}  // namespace gordian::finding
