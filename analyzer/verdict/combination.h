// The search for threads that could stand on all edges of a cycle at once.
//
// Promises: what it finds, no filter rules out; what it does not find, it has tried in full, or it says that
// it has not. Ways that look alike to every filter are tried once.
#pragma once

#include <map>
#include <utility>
#include <vector>

#include "analyzer/verdict/held_sets.h"
#include "analyzer/verdict/inversion.h"
#include "analyzer/verdict/thread_order.h"

namespace gordian::verdict {

// A thread that could stand on an edge, and how it gets there.
struct Candidate {
  model::OrderContext context;
  Span who;  // serial 0: a thread that is not listed; nothing but its locks is known of it
  uint32_t held = kNoLock;
  uint32_t asked = kNoLock;
  uint32_t held_set = 0;
  bool holds_shared = false;
  bool asks_shared = false;
  bool is_timed = false;
};

struct Combination {
  bool found = false;
  bool undecided = false;
  std::vector<Candidate> chosen;  // one an edge; where nothing was found, any
  std::vector<Obstacle> obstacles;
};

class Combiner {
 public:
  Combiner(const model::LockOrderGraph& graph, const InversionLimits& limits)
      : graph_(graph),
        order_(graph.order()),
        limits_(limits),
        held_(order_),
        threads_(order_.links),
        tries_left_(limits.tries) {}

  Combination combine(const model::LockCycle& cycle);

 private:
  struct Choices {
    std::vector<Candidate> all;
    bool is_whole = true;
  };
  using Lists = std::vector<std::vector<const Candidate*>>;
  enum class Outcome { kFound, kRuledOut, kGivenUp };

  const Choices& choices(uint32_t from, uint32_t to);
  void add_choices(Choices& choices, uint32_t from, const model::OrderContext& context);
  bool can_block(const Candidate& candidate);
  bool blocks(const Candidate& asks, const Candidate& holds);
  bool go_together(const Lists& lists, size_t edge, const Candidate& one, size_t other_edge,
                   const Candidate& other);
  bool units_suffice(const std::vector<const Candidate*>& chosen);
  bool writers_come(const std::vector<const Candidate*>& chosen);
  bool a_writer_comes(uint32_t lock, const std::vector<const Candidate*>& chosen);
  const std::vector<uint32_t>& writers_of(uint32_t lock);
  Outcome search(const Lists& lists, std::vector<const Candidate*>& chosen);
  Outcome search_pairs(const Lists& lists, const std::vector<Obstacle>& of_edges);
  bool note(RuledOut by, uint32_t lock, uint32_t thread = 0, uint32_t other_thread = 0);
  bool try_once();

  const model::LockOrderGraph& graph_;
  const model::LockOrder& order_;
  const InversionLimits& limits_;
  HeldSets held_;
  ThreadOrder threads_;
  std::map<std::pair<uint32_t, uint32_t>, Choices> choices_;
  std::map<uint32_t, std::vector<uint32_t>> writers_;  // the steps that ask for a lock alone
  bool knows_writers_ = false;
  std::vector<Obstacle> obstacles_;
  uint64_t tries_left_;
  uint64_t tries_of_cycle_ = 0;
};

}  // namespace gordian::verdict
