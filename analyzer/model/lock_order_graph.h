// The lock-order graph of a run: an edge from each lock that was held to each lock that was asked for
// meanwhile. A cycle in it is an inversion: K. Havelund, Using Runtime Analysis to Guide Model Checking of
// Java Programs, SPIN 2000.
//
// A vertex is one lock in one life, or one thread that somebody joins: it is "held" by the thread itself,
// which gives it back by ending, so that there is an edge from it to every lock that the thread asks for.
//
// Promises: built once, then constant. To take a lock again that is held already makes no edge. Events (a
// semaphore, or a lock, that others give back) and what nobody holds make none either. What finds no room is
// counted. Judges nothing.
#pragma once

#include <map>
#include <span>

#include "analyzer/model/lock_cycles.h"
#include "analyzer/model/lock_order.h"

namespace gordian::model {

inline constexpr uint32_t kNoStep = UINT32_MAX;

// One way in which an edge was seen.
struct OrderContext {
  uint32_t step;      // that asks
  uint32_t ancestor;  // the step above it that took what is held; kNoStep: the thread, which holds itself
};

struct OrderLimits {
  uint32_t edges = 1u << 22;
  uint64_t contexts = uint64_t{1} << 24;  // looked at; each is kept only where it may close a cycle
  uint32_t contexts_per_edge = 1024;
};

enum class Lives {
  kApart,
  kTogether,  // all lives of one address are one vertex, named by the first: what a tool would see that takes
              // an address for a lock
};

// Whether it can be kept from others by holding it.
bool is_lock(const OrderedLock& lock);

class LockOrderGraph {
 public:
  explicit LockOrderGraph(const LockOrder& order, Lives lives = Lives::kApart,
                          const OrderLimits& limits = {});

  const LockOrder& order() const { return *order_; }
  const OrderGraph& graph() const { return graph_; }
  uint32_t vertex_of(uint32_t lock) const { return vertices_[lock]; }

  // Of an edge that may lie on a cycle; the order of the steps.
  std::span<const OrderContext> contexts(uint32_t from, uint32_t to) const;

  bool has_all_contexts(uint32_t from, uint32_t to) const;

  // Ways that were seen and found no room here; 0 means that nothing is missing.
  uint64_t left_out() const { return left_out_; }

 private:
  struct Edge {
    uint32_t from;
    uint32_t to;
    friend auto operator<=>(const Edge&, const Edge&) = default;
  };
  template <typename Visit>
  void visit_contexts(Visit visit);
  template <typename Visit>
  void visit_step(uint32_t step, Visit visit);
  void number_vertices(Lives lives);
  void collect_edges();
  void collect_contexts();
  size_t place_of(Edge edge) const;

  const LockOrder* order_;
  OrderLimits limits_;
  std::vector<uint32_t> vertices_;                 // of each lock
  std::map<uint32_t, uint32_t> vertex_of_thread_;  // by serial: those that somebody joins
  std::vector<uint32_t> marks_;                    // vertices met on the way up from the present step
  std::vector<uint32_t> path_;
  std::vector<Edge> edges_;
  OrderGraph graph_;
  std::vector<uint32_t> first_context_;  // of each edge
  std::vector<OrderContext> contexts_;
  std::vector<bool> lacks_contexts_;  // by edge
  uint64_t steps_left_out_ = 0;       // any edge may have come of them
  uint64_t left_out_ = 0;
};

}  // namespace gordian::model
