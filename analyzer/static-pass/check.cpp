#include "analyzer/static-pass/check.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "analyzer/finding/lock_orders.h"
#include "analyzer/static-pass/checks/blocking-under-lock.h"
#include "analyzer/static-pass/checks/condition-mutex-mismatch.h"
#include "analyzer/static-pass/checks/data-race.h"
#include "analyzer/static-pass/checks/double-lock.h"
#include "analyzer/static-pass/checks/lock-across-co-await.h"
#include "analyzer/static-pass/checks/lock-order-inversion.h"
#include "analyzer/static-pass/checks/missing-unlock.h"
#include "analyzer/static-pass/checks/unlock-not-held.h"
#include "analyzer/static-pass/checks/unnamed-guard.h"
#include "analyzer/static-pass/checks/wait-without-loop.h"
#include "analyzer/static-pass/driver/file_bytes.h"
#include "analyzer/static-pass/driver/units.h"
#include "analyzer/static-pass/link/lock_order.h"

namespace gordian::check {
namespace {

using Check = std::vector<finding::Finding> (*)(const Scene&);

constexpr std::pair<finding::RuleId, Check> kChecks[] = {
    {finding::RuleId::kLockOrderInversion, check_lock_order_inversion},
    {finding::RuleId::kDoubleLock, check_double_lock},
    {finding::RuleId::kMissingUnlock, check_missing_unlock},
    {finding::RuleId::kUnlockNotHeld, check_unlock_not_held},
    {finding::RuleId::kWaitWithoutLoop, check_wait_without_loop},
    {finding::RuleId::kConditionMutexMismatch, check_condition_mutex_mismatch},
    {finding::RuleId::kBlockingUnderLock, check_blocking_under_lock},
    {finding::RuleId::kLockAcrossCoAwait, check_lock_across_co_await},
    {finding::RuleId::kUnnamedGuard, check_unnamed_guard},
    {finding::RuleId::kDataRace, check_data_race},
};

std::string read_file(const std::string& path) {
  std::optional<std::string> text = bytes_of_file(path);
  if (!text) throw CheckError(path + ": cannot be read; --model takes a text file");
  return *std::move(text);
}

Models models_of(const CheckOptions& options) {
  Models models;
  for (const std::string& file : options.model_files) {
    try {
      models.add(read_file(file), file);
    } catch (const ModelError& error) {
      throw CheckError(error.what());
    }
  }
  return models;
}

finding::LockOrder lock_order(const Scene& scene) {
  finding::LockOrder result;
  const ProgramOrder program(scene.analysis, scene.concurrency);
  std::map<std::string, size_t> known;
  for (const Order& order : program.orders()) {
    if (order.declared) continue;
    finding::OrderEdge edge;
    edge.from = lock_name(scene, order.from, order.from_kind, order.in);
    edge.to = lock_name(scene, order.to, order.to_kind, order.in);
    edge.from_mode = order.from_shared ? "shared" : "exclusive";
    edge.to_mode = order.to_shared ? "shared" : "exclusive";
    edge.acquired_at = stack_of(scene, order.from_trace);
    edge.attempted_at = stack_of(scene, order.to_trace);
    for (const PathId guard : order.guards) edge.guards.push_back(scene.analysis.names.stable(guard));
    std::ranges::sort(edge.guards);
    edge.guards.erase(std::unique(edge.guards.begin(), edge.guards.end()), edge.guards.end());
    edge.contexts = 1;
    const auto [place, is_new] = known.try_emplace(finding::identity_of(edge), result.edges.size());
    if (is_new) {
      result.edges.push_back(std::move(edge));
    } else {
      ++result.edges[place->second].contexts;
    }
  }
  finding::sort_edges(result.edges);
  return result;
}

void add_unseen(finding::Report& report, const Analysis& analysis, const CheckResult& result) {
  if (!result.failed.empty())
    report.unseen.push_back({"translation units that do not parse", result.failed.size(),
                             "the compiler's front end stops at their errors",
                             "nothing in them is checked, and calls into them are not followed"});
  if (analysis.shared.dropped != 0)
    report.unseen.push_back({"facts beyond a bound", analysis.shared.dropped,
                             "functions with very many paths, callees or locks are followed up to a bound",
                             "findings that rest on what was left out are missing"});
}

// By rule, then by where they are, then by fingerprint: the same in every run.
void sort_findings(std::vector<finding::Finding>& findings) {
  const auto key = [](const finding::Finding& finding) {
    const finding::Stack* stack = finding.cycle.empty() ? nullptr : &finding.cycle.front().waiting_at;
    const finding::Frame frame = stack == nullptr || stack->empty() ? finding::Frame{} : stack->front();
    return std::tuple(-static_cast<int>(finding.grade), frame.file, frame.line, frame.column, finding.rule,
                      finding.fingerprint);
  };
  std::ranges::stable_sort(findings,
                           [&](const auto& one, const auto& other) { return key(one) < key(other); });
}

}  // namespace

CheckResult check(const CheckOptions& options) {
  CheckResult result;
  const Models models = models_of(options);
  std::vector<Unit> units = parse_units(options, result.failed, result.from_cache);
  result.units = units.size() + result.failed.size();
  Program program;
  for (Unit& unit : units) program.add(std::move(unit));
  program.finish();
  const Values values(program);
  Shared shared(program, models, values);
  Analysis analysis(program, models, shared);
  analyse(analysis);
  const Concurrency concurrency(analysis);
  const Bindings bindings(analysis, concurrency);
  const Scene scene{analysis, concurrency, bindings};
  for (const auto& [rule, run] : kChecks) {
    if (!options.rules.empty() && !options.rules.contains(rule)) continue;
    std::vector<finding::Finding> findings = run(scene);
    std::ranges::move(findings, std::back_inserter(result.report.findings));
  }
  sort_findings(result.report.findings);
  result.report.lock_order = lock_order(scene);
  add_unseen(result.report, analysis, result);
  return result;
}

}  // namespace gordian::check
