// The lock-order graph in the page: the picture, and for each lock the orders that begin with it, with their
// stacks.
//
// Promises: at most kMostOrders arrows are drawn, those on cycles first; the list has them all. Empty when no
// lock was asked for while another was held.
#pragma once

#include <string>

#include "analyzer/finding/finding.h"
#include "analyzer/report/html/stacks.h"

namespace gordian::report {

inline constexpr size_t kMostOrders = 120;

std::string html_lock_orders(const finding::LockOrder& order, HtmlStacks& stacks);

}  // namespace gordian::report
