#include "analyzer/capture/order_report.h"

#include <algorithm>
#include <set>

#include "analyzer/capture/function_names.h"
#include "analyzer/capture/order_edges.h"
#include "analyzer/finding/fingerprint.h"

namespace gordian::capture {
namespace {

using verdict::Inversion;
using verdict::InversionEdge;

using Waits = std::set<ResourceKey>;  // what the members of a cycle wait for

Waits waits_of(const Inversion& inversion, const model::LockOrder& order) {
  Waits waits;
  for (const InversionEdge& edge : inversion.edges) waits.insert(order.locks[edge.asked].key);
  return waits;
}

std::set<Waits> deadlocks_told(const std::vector<Claim>& claims) {
  std::set<Waits> told;
  for (const Claim& claim : claims) {
    if (claim.rule != record::Rule::kDeadlock) continue;
    Waits waits;
    for (const ClaimMember& member : claim.members) waits.insert(member.waits_for);
    told.insert(std::move(waits));
  }
  return told;
}

}  // namespace

OrderReport::OrderReport(const record::Record& record, const std::vector<Claim>& claims, AddressNames& names,
                         uint32_t stack_depth)
    : recorded_(lock_order_of(record)),
      inversions_(verdict::find_inversions(recorded_.order)),
      names_(names),
      threads_(record, names),
      stacks_(record, names, stack_depth) {
  sort_into_classes(claims);
  collect_sightings();
}

// They come with the strongest first, so that the first of a class is the one to show.
void OrderReport::sort_into_classes(const std::vector<Claim>& claims) {
  const std::set<Waits> told = deadlocks_told(claims);
  std::map<std::string, size_t> places;
  for (const Inversion& inversion : inversions_.all) {
    if (told.contains(waits_of(inversion, recorded_.order))) continue;
    std::string fingerprint = fingerprint_of(inversion);
    const auto [place, is_new] = places.try_emplace(fingerprint, classes_.size());
    if (place->second >= kMostOrderFindings) {
      classes_not_told_ += is_new ? 1 : 0;
      if (is_new) place->second = kMostOrderFindings;
    } else if (is_new) {
      classes_.push_back({&inversion, std::move(fingerprint), inversion.instances});
    } else {
      classes_[place->second].occurrences += inversion.instances;
    }
  }
}

const std::string& OrderReport::stable_name(uint32_t lock) {
  const auto [place, is_new] = stable_names_.try_emplace(lock);
  if (is_new) {
    const ResourceKey& key = recorded_.order.locks[lock].key;
    place->second = key.kind == model::ResourceKind::kThread
                        ? name_of_end(static_cast<uint32_t>(key.address), threads_).stable
                        : name_of_lock(key, recorded_.resources[lock], {}, names_).stable;
  }
  return place->second;
}

const std::string& OrderReport::own_function_at(uint32_t step) {
  const auto [place, is_new] = own_functions_.try_emplace(step);
  if (is_new) place->second = own_function(stacks_.at(recorded_.order.steps[step].record_node));
  return place->second;
}

// Step for step: what is waited for, where its holder took that, where it is waited for.
std::string OrderReport::fingerprint_of(const Inversion& inversion) {
  std::vector<finding::FingerprintStep> parts;
  for (size_t i = 0; i < inversion.edges.size(); ++i) {
    const InversionEdge& edge = inversion.edges[i];
    const InversionEdge& holder = inversion.edges[(i + 1) % inversion.edges.size()];
    const std::string acquiring =
        holder.ancestor == model::kNoStep ? std::string() : own_function_at(holder.ancestor);
    parts.push_back({stable_name(edge.asked), acquiring, own_function_at(edge.step)});
  }
  return finding::fingerprint(finding::name_of(finding::RuleId::kLockOrderInversion), parts, true);
}

void OrderReport::collect_sightings() {
  const auto add = [&](uint32_t index) {
    const model::OrderStep& step = recorded_.order.steps[index];
    if (recorded_.order.locks[step.lock].key.kind == model::ResourceKind::kThread) return;
    sightings_[recorded_.life_of(step.lock)].push_back({step.site, stacks_.at(step.record_node)});
  };
  for (const Class& each : classes_) {
    for (const InversionEdge& edge : each.shown->edges) {
      for (uint32_t step = edge.step; step != model::kNoStep; step = recorded_.order.steps[step].parent)
        add(step);
    }
    for (const verdict::Obstacle& obstacle : each.shown->obstacles) {
      if (obstacle.lock == verdict::kNoLock) continue;
      const ResourceKey& key = recorded_.order.locks[obstacle.lock].key;
      if (key.kind != model::ResourceKind::kThread) sightings_.try_emplace(recorded_.life_of(obstacle.lock));
    }
  }
}

void OrderReport::add_unseen(std::vector<finding::Unseen>& unseen) const {
  if (classes_not_told_ != 0)
    unseen.push_back({"lock-order inversions beyond those told", classes_not_told_,
                      "more kinds of them were found than a report shows",
                      "the strongest are shown; mend those and run again"});
  if (inversions_.contexts_left_out != 0)
    unseen.push_back({"ways to take locks that were not judged", inversions_.contexts_left_out,
                      "there were more than the search has room for",
                      "an inversion through one of them is not found"});
  if (inversions_.edges_uncovered != 0)
    unseen.push_back({"lock orders that lie on some cycle", inversions_.edges_uncovered,
                      "there were more cycles than the search has time for",
                      "the shortest are judged; an inversion through one of these is not found"});
  else if (!inversions_.every_cycle)
    unseen.push_back(
        {"searches for longer cycles of lock orders", 1,
         "there were more cycles than the search has time for",
         "every order on a cycle was judged on a shortest one; a longer inversion that needs other "
         "threads is not found"});
}

void OrderReport::add_to(finding::Report& report, const Scene& scene) {
  const OrderScene orders(recorded_, scene, threads_, stacks_);
  for (const Class& each : classes_) {
    finding::Finding& finding = report.findings.emplace_back(finding_of(*each.shown, orders));
    finding.fingerprint = each.fingerprint;
    finding.occurrences = each.occurrences;
  }
  report.lock_order = order_edges(
      orders, [&](uint32_t lock) { return stable_name(lock); }, names_);
  add_unseen(report.unseen);
}

}  // namespace gordian::capture
