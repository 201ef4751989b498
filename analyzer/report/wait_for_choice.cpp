#include "analyzer/report/wait_for_choice.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace gordian::report {
namespace {

using Thread = Inventory::Thread;
using Lock = Inventory::Lock;

constexpr size_t kWaitersShown = 2;  // of those that stand together, so that one sees what they are
constexpr size_t kFewestTogether = 3;
constexpr size_t kFar = std::numeric_limits<size_t>::max();

// How many locks lie between each thread and the nearest one of a finding.
std::vector<size_t> distances(const Inventory& inventory) {
  const auto& threads = inventory.threads();
  std::vector<size_t> result(threads.size(), kFar);
  std::vector<bool> is_passed(inventory.locks().size());
  std::vector<size_t> reached;
  for (size_t i = 0; i < threads.size(); ++i) {
    if (threads[i].findings.empty() && !threads[i].is_lit) continue;
    result[i] = threads[i].is_lit ? 0 : 1;
    reached.push_back(i);
  }
  std::ranges::stable_sort(reached, {}, [&](size_t thread) { return result[thread]; });
  for (size_t next = 0; next < reached.size(); ++next) {
    const Thread& thread = threads[reached[next]];
    std::vector<size_t> locks;
    for (const auto& wait : thread.waits) locks.push_back(wait.lock);
    for (const auto& hold : thread.holds) locks.push_back(hold.lock);
    for (size_t lock : locks) {
      if (is_passed[lock]) continue;
      is_passed[lock] = true;
      for (const auto* ends : {&inventory.locks()[lock].holders, &inventory.locks()[lock].waiters}) {
        for (size_t end : *ends) {
          if (result[end] != kFar) continue;
          result[end] = result[reached[next]] + 1;
          reached.push_back(end);
        }
      }
    }
  }
  return result;
}

std::set<size_t> waited_for(const Inventory& inventory) {
  std::set<size_t> result;
  for (const Lock& lock : inventory.locks()) {
    if (!lock.waiters.empty()) result.insert(lock.holders.begin(), lock.holders.end());
  }
  return result;
}

}  // namespace

WaitForChoice choose_threads(const Inventory& inventory) {
  WaitForChoice choice;
  choice.together.resize(inventory.locks().size());
  const std::vector<size_t> distance = distances(inventory);
  const std::set<size_t> wanted = waited_for(inventory);
  std::vector<size_t> chosen;
  std::vector<std::vector<size_t>> simple(inventory.locks().size());
  for (size_t i = 0; i < inventory.threads().size(); ++i) {
    const Thread& thread = inventory.threads()[i];
    const bool is_telling = thread.is_lit || !thread.findings.empty() || wanted.contains(i);
    if (!is_telling && thread.waits.empty()) {
      ++choice.idle;
    } else if (!is_telling && thread.waits.size() == 1) {
      simple[thread.waits[0].lock].push_back(i);
    } else {
      chosen.push_back(i);
    }
  }
  for (size_t lock = 0; lock < simple.size(); ++lock) {
    const auto shown = simple[lock].size() < kWaitersShown + kFewestTogether
                           ? simple[lock].end()
                           : simple[lock].begin() + kWaitersShown;
    chosen.insert(chosen.end(), simple[lock].begin(), shown);
    choice.together[lock].assign(shown, simple[lock].end());
  }
  std::ranges::sort(chosen, {}, [&](size_t thread) { return std::pair(distance[thread], thread); });
  if (chosen.size() > kMostThreads) {
    choice.no_room = chosen.size() - kMostThreads;
    chosen.resize(kMostThreads);
  }
  choice.drawn.insert(chosen.begin(), chosen.end());
  return choice;
}

}  // namespace gordian::report
