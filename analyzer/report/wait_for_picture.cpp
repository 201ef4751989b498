#include "analyzer/report/wait_for_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "analyzer/finding/frames.h"
#include "analyzer/report/components.h"
#include "analyzer/report/phrases.h"
#include "analyzer/report/picture.h"
#include "analyzer/report/wait_for_choice.h"
#include "analyzer/report/writer.h"

namespace gordian::report {
namespace {

using Thread = Inventory::Thread;
using Lock = Inventory::Lock;

// Beside each other more than these make a strip that no screen holds; below each other they fit.
constexpr size_t kMostBeside = 6;

std::string place_of(const finding::Stack& stack) {
  const finding::Frame* frame = finding::telling_frame(stack);
  if (frame == nullptr) return shortened(finding::own_function(stack), kLongestLabel);
  return shortened(fmt::format("{}:{}", base_name(frame->file), frame->line), kLongestLabel);
}

std::string two_lines(const std::string& first, const std::string& second) {
  return second.empty() ? first : first + '\n' + second;
}

std::string many_id(size_t lock) {
  return "many-" + lock_id(lock);
}

class Drawing {
 public:
  Drawing(const Inventory& inventory, const WaitForChoice& choice) : inventory_(inventory), choice_(choice) {
    for (size_t thread : choice_.drawn) find_ring_of_two(thread);
    for (size_t thread : choice_.drawn) draw_thread(thread);
    for (size_t lock = 0; lock < choice_.together.size(); ++lock) draw_together(lock);
  }

  std::string whole() const {
    std::vector<size_t> all(nodes_.size());
    for (size_t i = 0; i < all.size(); ++i) all[i] = i;
    return part(all, false);
  }

  // Those with something lit first.
  std::vector<std::string> parts() const {
    std::vector<Arrow> arrows;
    for (const PictureEdge& edge : edges_) {
      arrows.emplace_back(numbers_.at(edge.from), numbers_.at(edge.to));
      arrows.emplace_back(numbers_.at(edge.to), numbers_.at(edge.from));
    }
    const std::vector<size_t> components = components_of(nodes_.size(), arrows);
    std::map<size_t, std::vector<size_t>> members;
    for (size_t i = 0; i < nodes_.size(); ++i) members[components[i]].push_back(i);
    std::vector<std::vector<size_t>> sorted;
    for (const auto& [component, nodes] : members) sorted.push_back(nodes);
    std::ranges::sort(sorted, {}, [this](const std::vector<size_t>& nodes) {
      return std::pair(std::ranges::none_of(nodes, [this](size_t node) { return nodes_[node].is_lit; }),
                       nodes[0]);
    });
    std::vector<std::string> result;
    for (const std::vector<size_t>& nodes : sorted) result.push_back(part(nodes, true));
    return result;
  }

 private:
  std::string part(const std::vector<size_t>& members, bool has_links) const {
    const std::set<size_t> inside(members.begin(), members.end());
    std::map<std::string, size_t> incoming;
    std::string edges;
    for (const PictureEdge& edge : edges_) {
      if (!inside.contains(numbers_.at(edge.from))) continue;
      edges += picture_edge(edge);
      ++incoming[edge.to];
    }
    const bool is_broad =
        std::ranges::any_of(incoming, [](const auto& each) { return each.second > kMostBeside; });
    std::string result = picture_head("wait_for", is_broad ? "LR" : "TB");
    for (size_t node : members) result += picture_node(nodes_[node], has_links);
    result += edges;
    for (const auto& [left, right] : beside_) {
      if (inside.contains(numbers_.at(left)))
        result += fmt::format("  {{ rank=same; \"{}\"; \"{}\"; }}\n", left, right);
    }
    return result + "}\n";
  }

  void draw_thread(size_t number) {
    const Thread& thread = inventory_.threads()[number];
    std::string label = shortened(thread.name.name, kLongestLabel);
    if (!thread.is_known_by_text && thread.name.tid != 0) label += fmt::format("\ntid {}", thread.name.tid);
    if (!thread.state.empty() && thread.state != "waiting") label += ", " + shortened(thread.state, 20);
    add({.id = thread_id(number),
         .kind = thread.is_known_by_text ? "thread outside" : "thread",
         .shape = "box",
         .label = label,
         .tooltip = title_of(thread),
         .is_lit = thread.is_lit});
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
    const bool has_holder = wait.holder && choice_.drawn.contains(*wait.holder);
    if (lock.thread && has_holder) {
      edge(thread_id(thread), thread_id(*wait.holder), kind, label, wait.is_lit);
      return;
    }
    edge(thread_id(thread), draw_lock(wait.lock), kind, label, wait.is_lit);
    if (!has_holder) return;
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
    add({.id = lock_id(number),
         .kind = "lock",
         .shape = "ellipse",
         .label = two_lines(shortened(name_of(lock.name), kLongestLabel),
                            shortened(lock.name.kind, kLongestLabel)),
         .tooltip = name_of(lock.name),
         .is_lit = lock.is_lit});
    return lock_id(number);
  }

  // A node for the many, which leads to the lock's list of them.
  void draw_together(size_t lock) {
    const size_t count = choice_.together[lock].size();
    if (count == 0) return;
    add({.id = many_id(lock),
         .kind = "many",
         .shape = "box",
         .label = fmt::format("and {} more\nthreads", count),
         .tooltip = fmt::format("{} more threads wait for it", count),
         .target = lock_id(lock)});
    edge(many_id(lock), draw_lock(lock), "wait", "wait for", false);
  }

  // Two threads that wait for each other make a square: each stands beside the lock that it waits for, and
  // the arrows of the second one lead back.
  void find_ring_of_two(size_t number) {
    for (const Inventory::Wait& wait : inventory_.threads()[number].waits) {
      if (!wait.is_lit || !wait.holder || *wait.holder <= number || inventory_.locks()[wait.lock].thread)
        continue;
      const size_t other = *wait.holder;
      if (!choice_.drawn.contains(other)) continue;
      for (const Inventory::Wait& back : inventory_.threads()[other].waits) {
        const bool is_ring = back.is_lit && back.holder == number && !inventory_.locks()[back.lock].thread;
        if (!is_ring || back.lock == wait.lock || ringed_.contains(number) || ringed_.contains(other))
          continue;
        ringed_.insert({number, other});
        upward_.insert({thread_id(other), lock_id(back.lock)});
        upward_.insert({lock_id(back.lock), thread_id(number)});
        beside_.emplace_back(thread_id(number), lock_id(wait.lock));
        beside_.emplace_back(lock_id(back.lock), thread_id(other));
      }
    }
  }

  void add(PictureNode node) {
    if (numbers_.try_emplace(node.id, nodes_.size()).second) nodes_.push_back(std::move(node));
  }

  void edge(const std::string& from, const std::string& to, const std::string& kind, const std::string& label,
            bool is_lit) {
    edges_.push_back({.from = from,
                      .to = to,
                      .kind = kind,
                      .label = label,
                      .is_lit = is_lit,
                      .is_upward = upward_.contains({from, to})});
  }

  const Inventory& inventory_;
  const WaitForChoice& choice_;
  std::vector<PictureNode> nodes_;
  std::map<std::string, size_t> numbers_;
  std::vector<PictureEdge> edges_;
  std::set<std::pair<size_t, size_t>> links_;
  std::set<size_t> ringed_;
  std::set<std::pair<std::string, std::string>> upward_;
  std::vector<std::pair<std::string, std::string>> beside_;
};

WaitForPicture counted_picture(const Inventory& inventory, const WaitForChoice& choice) {
  WaitForPicture picture;
  picture.idle = choice.idle;
  picture.no_room = choice.no_room;
  picture.drawn = choice.drawn.size();
  for (const auto& threads : choice.together) picture.together += threads.size();
  picture.has_cycle = std::ranges::any_of(inventory.threads(), &Thread::is_lit);
  return picture;
}

}  // namespace

WaitForPicture draw_wait_for_parts(const Inventory& inventory) {
  const WaitForChoice choice = choose_threads(inventory);
  WaitForPicture picture = counted_picture(inventory, choice);
  picture.parts = Drawing(inventory, choice).parts();
  return picture;
}

WaitForPicture draw_wait_for(const Inventory& inventory) {
  const WaitForChoice choice = choose_threads(inventory);
  WaitForPicture picture = counted_picture(inventory, choice);
  if (!choice.drawn.empty()) picture.parts = {Drawing(inventory, choice).whole()};
  return picture;
}

}  // namespace gordian::report
