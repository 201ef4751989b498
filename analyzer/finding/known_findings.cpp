#include "analyzer/finding/known_findings.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "analyzer/finding/frames.h"
#include "analyzer/finding/lock_orders.h"

namespace gordian::finding {
namespace {

std::pair<RuleId, std::string> key_of(const Finding& finding) {
  return {finding.rule, finding.fingerprint};
}

Finding reduced(const Finding& finding) {
  Finding result;
  result.rule = finding.rule;
  result.grade = finding.grade;
  result.fingerprint = finding.fingerprint;
  result.summary = finding.summary;
  return result;
}

ResourceName reduced(const ResourceName& resource) {
  return {.name = resource.stable, .kind = resource.kind, .address = 0, .stable = resource.stable};
}

// One frame with the function alone: what the identity of an order needs.
Stack reduced(const Stack& stack) {
  const std::string function = own_function(stack);
  return function.empty() ? Stack{} : Stack{{.function = function}};
}

OrderEdge reduced(const OrderEdge& edge) {
  OrderEdge result;
  result.from = reduced(edge.from);
  result.to = reduced(edge.to);
  result.from_mode = edge.from_mode;
  result.to_mode = edge.to_mode;
  result.acquired_at = reduced(edge.acquired_at);
  result.attempted_at = reduced(edge.attempted_at);
  result.guards = edge.guards;
  return result;
}

}  // namespace

KnownFindings::KnownFindings(Report earlier) {
  for (Finding& finding : earlier.findings) {
    if (finding.fingerprint.empty()) continue;
    const auto [place, is_new] = findings_.try_emplace(key_of(finding), finding);
    if (!is_new && finding.grade > place->second.grade) place->second = std::move(finding);
  }
}

void KnownFindings::apply(Report& report) const {
  for (Finding& finding : report.findings) {
    const auto place = findings_.find(key_of(finding));
    const bool is_known = place != findings_.end() &&
                          (place->second.grade > Grade::kUnlikely || finding.grade == Grade::kUnlikely);
    finding.baseline = is_known ? Baseline::kKnown : Baseline::kNew;
  }
}

std::vector<Finding> KnownFindings::gone_from(const Report& report) const {
  std::set<std::pair<RuleId, std::string>> there;
  for (const Finding& finding : report.findings) there.insert(key_of(finding));
  std::vector<Finding> result;
  for (const auto& [key, finding] : findings_) {
    if (!there.contains(key)) result.push_back(finding);
  }
  return result;
}

Report reduced_to_baseline(const Report& report) {
  Report result;
  for (const Finding& finding : report.findings) {
    if (!finding.fingerprint.empty()) result.findings.push_back(reduced(finding));
  }
  std::ranges::stable_sort(result.findings, {}, [](const Finding& each) {
    return std::tuple(name_of(each.rule), each.fingerprint);
  });
  LockOrderMerger merger;
  for (const OrderEdge& edge : report.lock_order.edges) merger.add({.edges = {reduced(edge)}});
  result.lock_order = merger.take();
  result.lock_order.edges_not_shown = report.lock_order.edges_not_shown;
  return result;
}

}  // namespace gordian::finding
