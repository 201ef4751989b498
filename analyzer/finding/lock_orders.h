// What can be done with the lock orders of whole runs: tell which are the same, sort them, join them.
//
// Promises: values in, values out; no I/O. Nothing in an identity or in the sorting depends on addresses,
// lines, pids or on which process came first, so that two runs of one program can be compared.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::finding {

// A lock that has no name of its own is called after its kind.
bool is_nameless(const ResourceName& resource);

// The same for the same order in another run or after an edit: stable names and modes, and the functions as
// well where a name says no more than the kind of lock.
std::string identity_of(const OrderEdge& edge);

// By stable names, modes, functions.
void sort_edges(std::vector<OrderEdge>& edges);

// Joins the lock orders of several processes. Edges of the same identity and site become one: guards are what
// all name, threads are joined up to a handful, and `contexts` is the largest, since nobody can say which of
// them were the same.
class LockOrderMerger {
 public:
  void add(LockOrder order);
  LockOrder take();  // sorted

 private:
  LockOrder result_;
  std::map<std::string, size_t> places_;  // by identity and site
};

}  // namespace gordian::finding
