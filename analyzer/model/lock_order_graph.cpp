#include "analyzer/model/lock_order_graph.h"

#include <algorithm>
#include <boost/iterator/transform_iterator.hpp>

namespace gordian::model {

bool is_lock(const OrderedLock& lock) {
  if (lock.usage == record::Usage::kSignal) return false;
  switch (lock.key.kind) {
    case ResourceKind::kMutex:
    case ResourceKind::kRwlock:
    case ResourceKind::kSpin:
    case ResourceKind::kOnce:
    case ResourceKind::kThread:
    case ResourceKind::kStdioFile:
    case ResourceKind::kStaticGuard:
      return true;
    case ResourceKind::kSemaphore:
      return lock.units != 0;  // with none to begin with, somebody else has to post
    case ResourceKind::kBarrier:
    case ResourceKind::kCondition:
    case ResourceKind::kFutex:
    case ResourceKind::kPipe:
    case ResourceKind::kFileLock:
    case ResourceKind::kProcess:
    case ResourceKind::kSysvSemaphore:
    case ResourceKind::kMessageQueue:
    case ResourceKind::kGil:
    case ResourceKind::kNone:
      break;
  }
  return false;
}

LockOrderGraph::LockOrderGraph(const LockOrder& order, Lives lives, const OrderLimits& limits)
    : order_(&order), limits_(limits) {
  number_vertices(lives);
  collect_edges();
  const auto ends = [](Edge edge) { return std::pair(edge.from, edge.to); };
  graph_ = OrderGraph(boost::edges_are_sorted, boost::make_transform_iterator(edges_.begin(), ends),
                      boost::make_transform_iterator(edges_.end(), ends),
                      static_cast<uint32_t>(order.locks.size()));
  collect_contexts();
  marks_ = {};
  path_ = {};
}

void LockOrderGraph::number_vertices(Lives lives) {
  std::map<ResourceKey, uint32_t> first_life;
  for (uint32_t i = 0; i < order_->locks.size(); ++i) {
    const ResourceKey& key = order_->locks[i].key;
    vertices_.push_back(lives == Lives::kApart ? i : first_life.try_emplace(key, i).first->second);
    if (key.kind != ResourceKind::kThread || key.address >= UINT32_MAX) continue;
    vertex_of_thread_[static_cast<uint32_t>(key.address)] = vertices_.back();
  }
  marks_.assign(order_->locks.size(), kNoStep);
}

// Calls visit(from, to, ancestor) for what was held, oldest first, and for the joined threads that came here.
template <typename Visit>
void LockOrderGraph::visit_step(uint32_t step, Visit visit) {
  const OrderStep& asks = order_->steps[step];
  const uint32_t to = vertices_[asks.lock];
  path_.clear();
  for (uint32_t above = asks.parent; above != kNoStep; above = order_->steps[above].parent) {
    if (order_->steps[above].lock == asks.lock) return;
    path_.push_back(above);
  }
  for (size_t i = path_.size(); i-- > 0;) {
    const uint32_t held = order_->steps[path_[i]].lock;
    const uint32_t from = vertices_[held];
    if (from == to || marks_[from] == step || !is_lock(order_->locks[held])) continue;
    marks_[from] = step;
    visit(from, to, path_[i]);
  }
  if (vertex_of_thread_.empty()) return;
  for (const Witness& witness : asks.witnesses) {
    const auto joined = vertex_of_thread_.find(witness.thread_serial);
    if (joined == vertex_of_thread_.end()) continue;
    const uint32_t from = joined->second;
    if (from == to || marks_[from] == step) continue;
    marks_[from] = step;
    visit(from, to, kNoStep);
  }
}

template <typename Visit>
void LockOrderGraph::visit_contexts(Visit visit) {
  std::fill(marks_.begin(), marks_.end(), kNoStep);
  uint64_t left = limits_.contexts;
  steps_left_out_ = 0;
  for (uint32_t step = 0; step < order_->steps.size(); ++step) {
    const OrderStep& asks = order_->steps[step];
    if (!asks.attempted || !is_lock(order_->locks[asks.lock])) continue;
    if (left == 0) {
      ++steps_left_out_;
      continue;
    }
    visit_step(step, [&](uint32_t from, uint32_t to, uint32_t ancestor) {
      left -= left == 0 ? 0 : 1;
      visit(Edge{from, to}, OrderContext{step, ancestor});
    });
  }
}

void LockOrderGraph::collect_edges() {
  const auto tidy = [&] {
    std::sort(edges_.begin(), edges_.end());
    edges_.erase(std::unique(edges_.begin(), edges_.end()), edges_.end());
  };
  size_t tidy_at = 1u << 16;
  uint64_t no_room = 0;
  visit_contexts([&](Edge edge, OrderContext) {
    if (edges_.size() >= tidy_at) {
      tidy();
      tidy_at = std::max(tidy_at, 2 * edges_.size());
    }
    if (edges_.size() < size_t{2} * limits_.edges) {
      edges_.push_back(edge);
    } else {
      ++no_room;
    }
  });
  tidy();
  if (edges_.size() > limits_.edges) {
    no_room += edges_.size() - limits_.edges;
    edges_.resize(limits_.edges);
  }
  left_out_ = no_room;
}

size_t LockOrderGraph::place_of(Edge edge) const {
  const auto place = std::lower_bound(edges_.begin(), edges_.end(), edge);
  return place != edges_.end() && *place == edge ? static_cast<size_t>(place - edges_.begin())
                                                 : edges_.size();
}

// In two rounds: counted, so that they can stand one edge after the other, and then put there.
void LockOrderGraph::collect_contexts() {
  const std::vector<uint32_t> component = components_of(graph_);
  const auto place = [&](Edge edge) {
    return component[edge.from] == component[edge.to] ? place_of(edge) : edges_.size();
  };
  std::vector<uint32_t> counts(edges_.size());
  lacks_contexts_.assign(edges_.size(), false);
  visit_contexts([&](Edge edge, OrderContext) {
    const size_t at = place(edge);
    if (at == edges_.size()) return;
    if (counts[at] < limits_.contexts_per_edge) {
      ++counts[at];
    } else {
      lacks_contexts_[at] = true;
      ++left_out_;
    }
  });
  first_context_.assign(edges_.size() + 1, 0);
  for (size_t i = 0; i < edges_.size(); ++i) first_context_[i + 1] = first_context_[i] + counts[i];
  contexts_.resize(first_context_.back());
  std::vector<uint32_t> next(first_context_.begin(), first_context_.end() - 1);
  visit_contexts([&](Edge edge, OrderContext context) {
    const size_t at = place(edge);
    if (at != edges_.size() && next[at] < first_context_[at + 1]) contexts_[next[at]++] = context;
  });
  left_out_ += steps_left_out_;
}

bool LockOrderGraph::has_all_contexts(uint32_t from, uint32_t to) const {
  const size_t at = place_of({from, to});
  return at != edges_.size() && !lacks_contexts_[at] && steps_left_out_ == 0;
}

std::span<const OrderContext> LockOrderGraph::contexts(uint32_t from, uint32_t to) const {
  const size_t at = place_of({from, to});
  if (at == edges_.size()) return {};
  return std::span(contexts_).subspan(first_context_[at], first_context_[at + 1] - first_context_[at]);
}

}  // namespace gordian::model
