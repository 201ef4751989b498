// From a snapshot to verdicts, in four steps: reduce the wait-for graph; look for cycles and knots in what is
// left; look for waits on owners that are gone; and if nothing of that explains why every thread is stuck,
// say that all of them are.
#include "analyzer/verdict/deadlock.h"

#include <algorithm>
#include <boost/graph/strong_components.hpp>

#include "analyzer/model/wait_for_graph.h"

namespace gordian::verdict {

using model::Graph;
using model::Link;
using model::Need;
using model::ResourceKind;
using model::Snapshot;
using model::Thread;
using model::ThreadIndex;
using model::WaitForGraph;
using record::Grade;
using record::Rule;

namespace {

class Judgement {
 public:
  explicit Judgement(const Snapshot& snapshot) : snapshot_(snapshot), waits_(snapshot) {}

  std::vector<Verdict> run() {
    const std::vector<bool> stuck = waits_.stuck(false);
    cycles_among(stuck, false);
    cycles_among(waits_.stuck(true), true);
    abandoned(stuck);
    if (verdicts_.empty()) {
      uint32_t processes = 1;
      for (const Thread& each : snapshot_.threads) processes = std::max(processes, each.process + 1);
      for (uint32_t process = 0; process < processes; ++process)
        whole_process(stuck, process, processes == 1);
    }
    count_behind();
    return std::move(verdicts_);
  }

 private:
  const Thread& thread(ThreadIndex index) const { return snapshot_.threads[index.value]; }
  bool waits_for_anyone(uint32_t i) const { return waits_.need(ThreadIndex{i}) == Need::kAnyone; }

  Graph edges_among(const std::vector<bool>& stuck) const {
    Graph graph(snapshot_.threads.size());
    const auto& all = waits_.graph();
    for (uint32_t from = 0; from < stuck.size(); ++from) {
      if (!stuck[from]) continue;
      for (auto [edge, end] = boost::out_edges(from, all); edge != end; ++edge)
        if (stuck[boost::target(*edge, all)])
          boost::add_edge(from, boost::target(*edge, all), all[*edge], graph);
    }
    return graph;
  }

  // The wait-for edges among stuck threads. A wait that anyone could end points at those stuck threads that
  // are kept from doing so by what the waiter has: through a lock, not merely because they wait for its end.
  Graph graph_of_stuck(const std::vector<bool>& stuck) const {
    Graph graph = edges_among(stuck);
    const Graph hard = edges_among(stuck);
    for (uint32_t waiter = 0; waiter < stuck.size(); ++waiter) {
      if (!stuck[waiter] || !waits_for_anyone(waiter)) continue;
      const auto signallers = waits_.live_signallers(ThreadIndex{waiter});
      const std::vector<bool> held_up = reaching(hard, waiter);
      for (uint32_t other = 0; other < stuck.size(); ++other) {
        if (other == waiter || !held_up[other] || waits_for_anyone(other)) continue;
        if (snapshot_.threads[other].wait.resource.kind == ResourceKind::kThread) continue;
        const bool signalled =
            std::find(signallers.begin(), signallers.end(), ThreadIndex{other}) != signallers.end();
        boost::add_edge(waiter, other, model::Blocks{signalled ? Link::kSignaller : Link::kCouldSignal},
                        graph);
      }
    }
    return graph;
  }

  // Which threads wait for `goal`, directly or through others.
  std::vector<bool> reaching(const Graph& graph, uint32_t goal) const {
    const auto count = static_cast<uint32_t>(boost::num_vertices(graph));
    std::vector<bool> reaches(count, false);
    for (bool changed = true; changed;) {
      changed = false;
      for (uint32_t i = 0; i < count; ++i) {
        if (reaches[i]) continue;
        for (auto [next, end] = boost::adjacent_vertices(i, graph); next != end && !reaches[i]; ++next)
          reaches[i] = *next == goal || reaches[*next];
        changed = changed || reaches[i];
      }
    }
    return reaches;
  }

  void cycles_among(const std::vector<bool>& stuck, bool only_unexplained) {
    if (std::find(stuck.begin(), stuck.end(), true) == stuck.end()) return;
    const Graph graph = graph_of_stuck(stuck);
    std::vector<uint32_t> component(boost::num_vertices(graph));
    const auto count = boost::strong_components(graph, component.data());
    std::vector<std::vector<uint32_t>> groups(count);
    for (uint32_t i = 0; i < component.size(); ++i)
      if (stuck[i]) groups[component[i]].push_back(i);
    std::sort(groups.begin(), groups.end());
    for (const auto& group : groups) {
      if (group.empty()) continue;
      if (only_unexplained &&
          std::any_of(group.begin(), group.end(), [&](uint32_t i) { return told(ThreadIndex{i}); }))
        continue;
      judge_component(graph, component, group);
    }
  }

  void judge_component(const Graph& graph, const std::vector<uint32_t>& component,
                       const std::vector<uint32_t>& group) {
    std::vector<Member> members;
    if (group.size() == 1) {
      auto [edge, loop] = boost::edge(group[0], group[0], graph);
      // One of several that could have ended its wait, and not the one that explains why none does.
      if (!loop || (waits_.need(ThreadIndex{group[0]}) == Need::kAny && has_other_blocker(group[0]))) return;
      members.push_back({ThreadIndex{group[0]}, ThreadIndex{group[0]}, graph[edge].link});
    } else {
      members =
          is_knot(group) ? whole_component(graph, component, group) : shortest_cycle(graph, component, group);
    }
    if (members.empty()) return;
    const Rule rule = members.size() == 1 ? Rule::kSelfDeadlock : Rule::kDeadlock;
    const Conditions conditions = check_conditions(snapshot_, members);
    const bool all_hold = conditions.mutual_exclusion.holds && conditions.hold_and_wait.holds &&
                          conditions.no_preemption.holds && conditions.circular_wait.holds;
    if (!all_hold) return;
    tell(rule, members);
  }

  bool has_other_blocker(uint32_t waiter) const {
    auto [first, last] = boost::adjacent_vertices(waiter, waits_.graph());
    return std::any_of(first, last, [&](auto blocker) { return blocker != waiter; });
  }

  // Where one blocker out of several would be enough, a cycle proves nothing: the whole component is the
  // deadlock.
  bool is_knot(const std::vector<uint32_t>& group) const {
    return std::any_of(group.begin(), group.end(), [&](uint32_t i) {
      return waits_.need(ThreadIndex{i}) == Need::kAny && boost::out_degree(i, waits_.graph()) > 1;
    });
  }

  std::vector<Member> whole_component(const Graph& graph, const std::vector<uint32_t>& component,
                                      const std::vector<uint32_t>& group) const {
    std::vector<Member> members;
    for (uint32_t i : group) {
      for (auto [edge, end] = boost::out_edges(i, graph); edge != end; ++edge) {
        const auto to = static_cast<uint32_t>(boost::target(*edge, graph));
        if (component[to] != component[i] || to == i) continue;
        members.push_back({ThreadIndex{i}, ThreadIndex{to}, graph[*edge].link});
        break;
      }
    }
    return members;
  }

  // Breadth first from each thread of the component, self-loops left out; the first of the shortest, from the
  // smallest serial.
  std::vector<Member> shortest_cycle(const Graph& graph, const std::vector<uint32_t>& component,
                                     std::vector<uint32_t> group) const {
    std::sort(group.begin(), group.end(), [&](uint32_t a, uint32_t b) {
      return snapshot_.threads[a].serial < snapshot_.threads[b].serial;
    });
    std::vector<Member> best;
    // A ring has one cycle, and every start finds it; in a denser component a few starts are enough for a
    // short one.
    const size_t starts = std::min<size_t>(group.size(), 16);
    for (size_t s = 0; s < starts; ++s) {
      const uint32_t start = group[s];
      std::vector<uint32_t> parent(boost::num_vertices(graph), UINT32_MAX);
      std::vector<uint32_t> queue{start};
      bool closed = false;
      for (size_t head = 0; head < queue.size() && !closed; ++head) {
        const uint32_t at = queue[head];
        for (auto [next, end] = boost::adjacent_vertices(at, graph); next != end; ++next) {
          const auto to = static_cast<uint32_t>(*next);
          if (to == at || component[to] != component[start]) continue;
          if (to == start) {
            std::vector<Member> cycle = path_to(graph, parent, start, at);
            if (best.empty() || cycle.size() < best.size()) best = std::move(cycle);
            closed = true;
            break;
          }
          if (parent[to] != UINT32_MAX) continue;
          parent[to] = at;
          queue.push_back(to);
        }
      }
    }
    return best;
  }

  std::vector<Member> path_to(const Graph& graph, const std::vector<uint32_t>& parent, uint32_t start,
                              uint32_t last) const {
    std::vector<uint32_t> path{last};
    while (path.back() != start) path.push_back(parent[path.back()]);
    std::reverse(path.begin(), path.end());
    std::vector<Member> members;
    for (size_t i = 0; i < path.size(); ++i) {
      const uint32_t from = path[i];
      const uint32_t to = path[(i + 1) % path.size()];
      members.push_back({ThreadIndex{from}, ThreadIndex{to}, graph[boost::edge(from, to, graph).first].link});
    }
    auto smallest = std::min_element(members.begin(), members.end(), [&](const Member& a, const Member& b) {
      return thread(a.thread).serial < thread(b.thread).serial;
    });
    std::rotate(members.begin(), smallest, members.end());
    return members;
  }

  // Waits whose owner no longer runs, one verdict a resource.
  void abandoned(const std::vector<bool>& stuck) {
    const auto& graph = waits_.graph();
    for (uint32_t i = 0; i < stuck.size(); ++i) {
      if (!stuck[i] || told(ThreadIndex{i})) continue;
      for (auto [edge, end] = boost::out_edges(i, graph); edge != end; ++edge) {
        const Link link = graph[*edge].link;
        if (link != Link::kEnded && link != Link::kLeftBehind) continue;
        Verdict* same = nullptr;
        for (Verdict& verdict : verdicts_)
          if (verdict.rule == Rule::kAbandonedLock &&
              thread(verdict.members[0].thread).wait.resource == snapshot_.threads[i].wait.resource)
            same = &verdict;
        const Member member{ThreadIndex{i}, ThreadIndex{static_cast<uint32_t>(boost::target(*edge, graph))},
                            link};
        if (same != nullptr)
          same->members.push_back(member);
        else
          tell(Rule::kAbandonedLock, {member});
        break;
      }
    }
  }

  // Nothing can act any more, and no cycle or lost owner explains it: each waits for a signal that nobody is
  // left to give.
  void whole_process(const std::vector<bool>& stuck, uint32_t process, bool is_alone) {
    bool any = false;
    for (uint32_t i = 0; i < stuck.size(); ++i) {
      if (snapshot_.threads[i].process != process) continue;
      if (snapshot_.threads[i].live() && !stuck[i]) return;
      any = any || (stuck[i] && (is_alone || waits_for_anyone(i)));
    }
    // Without a wait that anyone could end, another process explains it: this one only waits for what is
    // stuck there.
    if (!any) return;
    std::vector<Member> lost;
    std::vector<Member> all;
    for (uint32_t i = 0; i < stuck.size(); ++i) {
      if (!stuck[i] || snapshot_.threads[i].process != process) continue;
      const ThreadIndex index{i};
      const auto* resource = waits_.resource_of(index);
      auto [edge, end] = boost::out_edges(i, waits_.graph());
      Member member{index, {}, Link::kCouldSignal};
      if (edge != end)
        member = {index, ThreadIndex{static_cast<uint32_t>(boost::target(*edge, waits_.graph()))},
                  waits_.graph()[*edge].link};
      all.push_back(member);
      const auto kind = snapshot_.threads[i].wait.resource.kind;
      const bool signalled = waits_for_anyone(i) && resource != nullptr && resource->signals > 0 &&
                             (kind == ResourceKind::kCondition || kind == ResourceKind::kSemaphore);
      if (signalled) lost.push_back({index, {}, Link::kSignaller});
    }
    // A thread alone that waits for a semaphore which it took itself waits for itself.
    if (all.size() == 1 && thread(all[0].thread).wait.resource.kind == ResourceKind::kSemaphore &&
        lost.empty() && takes_again(thread(all[0].thread))) {
      tell(Rule::kSelfDeadlock, {{all[0].thread, all[0].thread, Link::kObservedHolder}});
      return;
    }
    if (!lost.empty())
      tell(Rule::kLostWakeup, lost);
    else
      tell(Rule::kGlobalStall, all);
  }

  static bool takes_again(const Thread& waiter) {
    return std::any_of(waiter.holds.begin(), waiter.holds.end(),
                       [&](const model::Hold& hold) { return hold.resource == waiter.wait.resource; });
  }

  bool told(ThreadIndex index) const {
    for (const Verdict& verdict : verdicts_)
      for (const Member& member : verdict.members)
        if (member.thread == index) return true;
    return false;
  }

  // An owner that has ended is known by a number that is no thread's any more.
  bool owner_is_a_guess(const Member& member) const {
    if (!member.holder.valid()) return false;
    const auto& holds = thread(member.holder).holds;
    return std::any_of(holds.begin(), holds.end(), [&](const model::Hold& hold) {
      return hold.observed && hold.resource == thread(member.thread).wait.resource;
    });
  }

  void tell(Rule rule, std::vector<Member> members) {
    Verdict verdict;
    verdict.rule = rule;
    verdict.grade = rule == Rule::kLostWakeup ? Grade::kInferred : Grade::kProven;
    for (const Member& member : members) {
      const bool observed = member.link == Link::kObservedHolder || member.link == Link::kSignaller ||
                            (member.link == Link::kCouldSignal && rule != Rule::kGlobalStall);
      // A semaphore has no owner at all: whoever is missing is missing by observation.
      const bool semaphore =
          thread(member.thread).wait.resource.kind == ResourceKind::kSemaphore && rule != Rule::kGlobalStall;
      if (observed || semaphore || thread(member.thread).wait.doubtful || owner_is_a_guess(member))
        verdict.grade = Grade::kInferred;
      verdict.closed_at_ns = std::max(verdict.closed_at_ns, thread(member.thread).wait.since_ns);
    }
    verdict.members = std::move(members);
    verdicts_.push_back(std::move(verdict));
  }

  void count_behind() {
    for (Verdict& verdict : verdicts_) {
      // Whoever waits for one member of a cycle waits for all of them.
      const std::vector<bool> waits = reaching(waits_.graph(), verdict.members.front().thread.value);
      for (uint32_t i = 0; i < snapshot_.threads.size(); ++i)
        verdict.behind += waits[i] && snapshot_.threads[i].live() && !told(ThreadIndex{i}) ? 1 : 0;
    }
  }

  const Snapshot& snapshot_;
  WaitForGraph waits_;
  std::vector<Verdict> verdicts_;
};

}  // namespace

std::vector<Verdict> find_deadlocks(const Snapshot& snapshot) {
  return Judgement(snapshot).run();
}

}  // namespace gordian::verdict
