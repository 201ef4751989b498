#include "analyzer/finding/compare.h"

#include <algorithm>
#include <set>
#include <string>

#include "analyzer/finding/lock_orders.h"
#include "analyzer/finding/merge.h"

namespace gordian::finding {
namespace {

// Those of `items` whose identity is not among `others`, each identity once.
template <typename Item>
std::vector<Item> only_in(const std::vector<Item>& items, const std::vector<Item>& others) {
  std::set<std::string> seen;
  for (const Item& item : others) seen.insert(identity_of(item));
  std::vector<Item> result;
  for (const Item& item : items) {
    if (seen.insert(identity_of(item)).second) result.push_back(item);
  }
  return result;
}

}  // namespace

Difference compare(const Report& earlier, const Report& now) {
  Difference result{.new_findings = only_in(now.findings, earlier.findings),
                    .gone_findings = only_in(earlier.findings, now.findings),
                    .new_orders = only_in(now.lock_order.edges, earlier.lock_order.edges),
                    .gone_orders = only_in(earlier.lock_order.edges, now.lock_order.edges)};
  sort_findings(result.new_findings);
  sort_findings(result.gone_findings);
  sort_edges(result.new_orders);
  sort_edges(result.gone_orders);
  return result;
}

size_t count_at_least(const Difference& difference, Grade floor) {
  return static_cast<size_t>(std::ranges::count_if(difference.new_findings, [floor](const Finding& each) {
    return !each.suppressed && each.grade >= floor;
  }));
}

}  // namespace gordian::finding
