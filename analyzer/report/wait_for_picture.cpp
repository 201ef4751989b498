#include "analyzer/report/wait_for_picture.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analyzer/finding/frames.h"
#include "analyzer/report/phrases.h"
#include "analyzer/report/picture_graph.h"
#include "analyzer/report/wait_for_choice.h"
#include "analyzer/report/writer.h"

namespace gordian::report {
namespace {

using Thread = Inventory::Thread;
using Lock = Inventory::Lock;

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
    for (size_t thread : choice_.drawn) find_ring(thread);
    for (size_t thread : choice_.drawn) draw_thread(thread);
    for (size_t lock = 0; lock < choice_.together.size(); ++lock) draw_together(lock);
  }

  const PictureGraph& graph() const { return graph_; }

 private:
  void draw_thread(size_t number) {
    const Thread& thread = inventory_.threads()[number];
    const std::string& name = thread.name.name;
    std::string label =
        shortened(name.empty() && thread.name.tid == 0 ? title_of(thread) : name, kLongestLabel);
    if (!thread.is_known_by_text && thread.name.tid != 0) label += fmt::format("\ntid {}", thread.name.tid);
    if (!thread.state.empty() && thread.state != "waiting") label += ", " + shortened(thread.state, 20);
    graph_.add(PictureNode{.id = thread_id(number),
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
    graph_.add(PictureNode{.id = lock_id(number),
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
    graph_.add(PictureNode{.id = many_id(lock),
                           .kind = "many",
                           .shape = "box",
                           .label = fmt::format("and {} more\nthreads", count),
                           .tooltip = fmt::format("{} more threads wait for it", count),
                           .target = lock_id(lock)});
    edge(many_id(lock), draw_lock(lock), "wait", "wait for", false);
  }

  // The nodes of the ring of lit waits that leads from the thread back to itself, in the order of its arrows.
  // Empty where there is none, or where one of its threads is not drawn or in another ring.
  std::vector<std::string> ring_of(size_t first) const {
    std::vector<std::string> nodes;
    std::set<size_t> passed;
    size_t thread = first;
    do {
      const auto& waits = inventory_.threads()[thread].waits;
      const auto wait = std::ranges::find(waits, true, &Inventory::Wait::is_lit);
      const bool is_new = passed.insert(thread).second && !ringed_.contains(thread_id(thread));
      if (!is_new || wait == waits.end() || !wait->holder || !choice_.drawn.contains(*wait->holder))
        return {};
      nodes.push_back(thread_id(thread));
      if (!inventory_.locks()[wait->lock].thread) nodes.push_back(lock_id(wait->lock));
      thread = *wait->holder;
    } while (thread != first);
    return nodes;
  }

  // A ring is drawn as one: half of it leads down and the other half back up. Of two threads it is a square,
  // each beside the lock that it waits for.
  void find_ring(size_t first) {
    const std::vector<std::string> nodes = ring_of(first);
    if (nodes.size() < 3) return;
    ringed_.insert(nodes.begin(), nodes.end());
    for (size_t i = nodes.size() / 2; i < nodes.size(); ++i)
      upward_.insert({nodes[i], nodes[(i + 1) % nodes.size()]});
    if (nodes.size() != 4) return;
    graph_.put_beside(nodes[0], nodes[1]);
    graph_.put_beside(nodes[3], nodes[2]);
  }

  void edge(const std::string& from, const std::string& to, const std::string& kind, const std::string& label,
            bool is_lit) {
    graph_.add(PictureEdge{.from = from,
                           .to = to,
                           .kind = kind,
                           .label = label,
                           .is_lit = is_lit,
                           .is_upward = upward_.contains({from, to})});
  }

  const Inventory& inventory_;
  const WaitForChoice& choice_;
  PictureGraph graph_;
  std::set<std::pair<size_t, size_t>> links_;
  std::set<std::string> ringed_;
  std::set<std::pair<std::string, std::string>> upward_;
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
  picture.parts = Drawing(inventory, choice).graph().parts();
  return picture;
}

WaitForPicture draw_wait_for(const Inventory& inventory) {
  const WaitForChoice choice = choose_threads(inventory);
  WaitForPicture picture = counted_picture(inventory, choice);
  if (!choice.drawn.empty()) picture.parts = {Drawing(inventory, choice).graph().whole()};
  return picture;
}

}  // namespace gordian::report
