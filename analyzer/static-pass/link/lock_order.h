// The program's lock order, and the circles in it.
//
// Promises: orders are by class of lock (lock_identity.h); a circle closes only where each lock that is asked
// for can be the one that the next holds. Circles of any length are found, the shortest first; their number
// for one sequence of lock classes is bounded, and what is beyond is counted.
#pragma once

#include <string>
#include <vector>

#include "analyzer/static-pass/link/concurrency.h"

namespace gordian::check {

struct OrderCycle {
  std::vector<const Order*> orders;  // each is asked for by the next's holder
  bool unlikely = false;
  std::string reason;  // why it is unlikely; or, where it is not, what it rests on
};

class ProgramOrder {
 public:
  ProgramOrder(const Analysis& analysis, const Concurrency& concurrency);

  const std::vector<Order>& orders() const { return orders_; }
  std::vector<OrderCycle> cycles() const;
  size_t not_followed() const { return not_followed_; }

 private:
  void add_declared();
  bool follows(const Order& one, const Order& next) const;
  bool closes_alone(const Order& order) const;
  bool only_descends(const std::vector<const Order*>& orders) const;
  OrderCycle judged(std::vector<const Order*> orders) const;
  bool is_written(PathId lock) const;
  bool is_chosen(const Order& order) const;
  void find_contrary();

  const Analysis& analysis_;
  const Concurrency& concurrency_;
  std::vector<Order> orders_;
  std::set<std::pair<LockClass, Symbol>> contrary_;  // compared, and chosen both ways
  mutable size_t not_followed_ = 0;
};

}  // namespace gordian::check
