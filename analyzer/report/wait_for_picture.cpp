#include "analyzer/report/wait_for_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analyzer/finding/frames.h"
#include "analyzer/report/dot.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/phrases.h"
#include "analyzer/report/picture.h"
#include "analyzer/report/writer.h"

namespace gordian::report {
namespace {

using Thread = Inventory::Thread;
using Lock = Inventory::Lock;

constexpr size_t kWaitersShown = 2;  // of those that share a node, so that one sees what they are
constexpr size_t kFewestTogether = 3;

// Which threads are drawn, and how.
class Choice {
 public:
  explicit Choice(const Inventory& inventory)
      : inventory_(inventory), ranks_(ranks_of(inventory)), together_(inventory.locks().size()) {
    std::vector<size_t> chosen;
    for (size_t i = 0; i < ranks_.size(); ++i) {
      if (ranks_[i] != kIdle) chosen.push_back(i);
    }
    idle_ = ranks_.size() - chosen.size();
    put_together(chosen);
    std::ranges::stable_sort(chosen, {}, [this](size_t thread) { return ranks_[thread]; });
    if (chosen.size() > kMostThreads) {
      no_room_ = chosen.size() - kMostThreads;
      chosen.resize(kMostThreads);
    }
    drawn_.insert(chosen.begin(), chosen.end());
  }

  const std::set<size_t>& drawn() const { return drawn_; }
  // The threads that share a node, by lock.
  const std::vector<std::vector<size_t>>& together() const { return together_; }
  size_t idle() const { return idle_; }
  size_t no_room() const { return no_room_; }

 private:
  enum Rank { kLit, kInFinding, kWaitedFor, kWaits, kIdle };

  static std::vector<Rank> ranks_of(const Inventory& inventory) {
    std::set<size_t> waited_for;
    for (const Lock& lock : inventory.locks()) {
      if (!lock.waiters.empty()) waited_for.insert(lock.holders.begin(), lock.holders.end());
    }
    std::vector<Rank> ranks;
    for (const Thread& thread : inventory.threads()) {
      if (thread.is_lit) {
        ranks.push_back(kLit);
      } else if (!thread.findings.empty()) {
        ranks.push_back(kInFinding);
      } else if (waited_for.contains(ranks.size())) {
        ranks.push_back(kWaitedFor);
      } else {
        ranks.push_back(thread.waits.empty() ? kIdle : kWaits);
      }
    }
    return ranks;
  }

  void put_together(std::vector<size_t>& chosen) {
    std::vector<std::vector<size_t>> simple(together_.size());
    for (size_t thread : chosen) {
      const auto& waits = inventory_.threads()[thread].waits;
      if (ranks_[thread] == kWaits && waits.size() == 1) simple[waits[0].lock].push_back(thread);
    }
    std::set<size_t> gone;
    for (size_t lock = 0; lock < simple.size(); ++lock) {
      if (simple[lock].size() < kWaitersShown + kFewestTogether) continue;
      together_[lock].assign(simple[lock].begin() + kWaitersShown, simple[lock].end());
      gone.insert(together_[lock].begin(), together_[lock].end());
    }
    std::erase_if(chosen, [&](size_t thread) { return gone.contains(thread); });
  }

  const Inventory& inventory_;
  std::vector<Rank> ranks_;
  std::set<size_t> drawn_;
  std::vector<std::vector<size_t>> together_;
  size_t idle_ = 0;
  size_t no_room_ = 0;
};

std::string place_of(const finding::Stack& stack) {
  const finding::Frame* frame = finding::telling_frame(stack);
  if (frame == nullptr) return shortened(finding::own_function(stack), kLongestLabel);
  return shortened(fmt::format("{}:{}", base_name(frame->file), frame->line), kLongestLabel);
}

std::string two_lines(const std::string& first, const std::string& second) {
  return second.empty() ? first : first + '\n' + second;
}

class Drawing {
 public:
  Drawing(const Inventory& inventory, const Choice& choice, bool has_links)
      : inventory_(inventory), choice_(choice), has_links_(has_links) {}

  std::string draw() {
    for (size_t thread : choice_.drawn()) draw_thread(thread);
    for (size_t lock = 0; lock < choice_.together().size(); ++lock) draw_together(lock);
    for (size_t thread : choice_.drawn()) draw_ring_of_two(thread);
    // Beside each other many are a strip that no screen holds.
    const bool is_large = choice_.drawn().size() > 8;
    return picture_head("wait_for", is_large ? "LR" : "TB") + nodes_ + edges_ + ranks_ + "}\n";
  }

 private:
  void draw_thread(size_t number) {
    const Thread& thread = inventory_.threads()[number];
    std::string label = shortened(thread.name.name, kLongestLabel);
    if (!thread.is_known_by_text && thread.name.tid != 0) label += fmt::format("\ntid {}", thread.name.tid);
    if (!thread.state.empty() && thread.state != "waiting") label += ", " + shortened(thread.state, 20);
    nodes_ += picture_node({.id = thread_id(number),
                            .kind = thread.is_known_by_text ? "thread outside" : "thread",
                            .shape = "box",
                            .label = label,
                            .tooltip = title_of(thread),
                            .is_lit = thread.is_lit},
                           has_links_);
    for (const Inventory::Wait& wait : thread.waits) draw_wait(number, wait);
    for (const Inventory::Hold& hold : thread.holds) {
      if (!inventory_.locks()[hold.lock].waiters.empty()) draw_hold(number, hold);
    }
  }

  void draw_wait(size_t thread, const Inventory::Wait& wait) {
    const finding::Step& step = *wait.step;
    std::string words(attempt_verb(wait.rule, step));
    if (step.since_ms != 0) words += ", " + describe_duration(step.since_ms);
    const std::string label = two_lines(words, place_of(step.waiting_at));
    const std::string kind = step.link == "order" ? "wait order" : "wait";
    const Lock& lock = inventory_.locks()[wait.lock];
    if (lock.thread && choice_.drawn().contains(*lock.thread)) {
      edge(thread_id(thread), thread_id(*lock.thread), kind, label, wait.is_lit);
      return;
    }
    edge(thread_id(thread), draw_lock(wait.lock), kind, label, wait.is_lit);
    if (!wait.holder || !choice_.drawn().contains(*wait.holder)) return;
    const auto& holds = inventory_.threads()[*wait.holder].holds;
    if (std::ranges::find(holds, wait.lock, &Inventory::Hold::lock) != holds.end()) return;
    // A holder that is not seen to hold it: one known from use, one that has ended.
    const bool is_plain = step.link.empty() || step.link == "owner" || step.link == "order";
    const std::string holder = thread_id(*wait.holder);
    if (links_.insert({wait.lock, *wait.holder}).second)
      edge(lock_id(wait.lock), holder, "hold link", is_plain ? "held by" : shortened(step.link, 24),
           wait.is_lit);
  }

  void draw_hold(size_t thread, const Inventory::Hold& hold) {
    edge(draw_lock(hold.lock), thread_id(thread), "hold",
         two_lines("held by", place_of(hold.acquisition->acquired_at)), hold.is_lit);
  }

  std::string draw_lock(size_t number) {
    const Lock& lock = inventory_.locks()[number];
    if (locks_.insert(number).second) {
      nodes_ += picture_node({.id = lock_id(number),
                              .kind = "lock",
                              .shape = "ellipse",
                              .label = two_lines(shortened(name_of(lock.name), kLongestLabel),
                                                 shortened(lock.name.kind, kLongestLabel)),
                              .tooltip = name_of(lock.name),
                              .is_lit = lock.is_lit},
                             has_links_);
    }
    return lock_id(number);
  }

  // A node for the many, which leads to the lock's list of them.
  void draw_together(size_t lock) {
    const size_t count = choice_.together()[lock].size();
    if (count == 0) return;
    const std::string target = draw_lock(lock);
    nodes_ += fmt::format(
        "  \"many-{}\" [id=\"node-many-{}\", class=\"many\", shape=box, style=\"rounded,dashed\", "
        "label=\"and {} more\\nthreads\"{}];\n",
        target, target, count,
        has_links_ ? fmt::format(", URL=\"#{}\", tooltip=\"{} more threads wait for it\"", target, count)
                   : "");
    edge("many-" + target, target, "wait", "wait for", false);
  }

  // Two threads that wait for each other make a square: each beside the lock that it waits for.
  void draw_ring_of_two(size_t number) {
    const Thread& thread = inventory_.threads()[number];
    for (const Inventory::Wait& wait : thread.waits) {
      if (!wait.is_lit || !wait.holder || *wait.holder <= number || inventory_.locks()[wait.lock].thread)
        continue;
      for (const Inventory::Wait& back : inventory_.threads()[*wait.holder].waits) {
        const bool is_ring = back.is_lit && back.holder == number && !inventory_.locks()[back.lock].thread;
        if (!is_ring || !choice_.drawn().contains(*wait.holder)) continue;
        if (!ringed_.insert(number).second || !ringed_.insert(*wait.holder).second) continue;
        ranks_ +=
            fmt::format("  {{ rank=same; \"{}\"; \"{}\"; }}\n  {{ rank=same; \"{}\"; \"{}\"; }}\n",
                        thread_id(number), lock_id(wait.lock), thread_id(*wait.holder), lock_id(back.lock));
      }
    }
  }

  void edge(const std::string& from, const std::string& to, const std::string& kind, const std::string& label,
            bool is_lit) {
    edges_ += picture_edge({.from = from, .to = to, .kind = kind, .label = label, .is_lit = is_lit});
  }

  const Inventory& inventory_;
  const Choice& choice_;
  bool has_links_;
  std::string nodes_;
  std::string edges_;
  std::string ranks_;
  std::set<size_t> locks_;
  std::set<size_t> ringed_;
  std::set<std::pair<size_t, size_t>> links_;
};

}  // namespace

WaitForPicture draw_wait_for(const Inventory& inventory, bool has_links) {
  const Choice choice(inventory);
  WaitForPicture picture;
  picture.idle = choice.idle();
  picture.no_room = choice.no_room();
  picture.drawn = choice.drawn().size();
  for (const auto& threads : choice.together()) picture.together += threads.size();
  picture.has_cycle = std::ranges::any_of(inventory.threads(), &Thread::is_lit);
  if (!choice.drawn().empty()) picture.dot = Drawing(inventory, choice, has_links).draw();
  return picture;
}

}  // namespace gordian::report
