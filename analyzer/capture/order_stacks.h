// The stacks of lock orders: where something was asked for when that was seen first.
//
// Promises: a stack is never longer than what is known; without evidence it is the call alone, or what was
// kept of the same calls with other locks. Each is looked up once.
#pragma once

#include <map>
#include <vector>

#include "analyzer/capture/stacks.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

class OrderStacks {
 public:
  OrderStacks(const record::Record& record, AddressNames& names, uint32_t depth)
      : record_(record), stacks_(names, depth) {}

  // Of a node of record.orders.
  const finding::Stack& at(uint32_t node);

 private:
  uint32_t lender_of(uint32_t node);
  void sort_by_way();
  finding::Stack find(const record::OrderNode& node);

  const record::Record& record_;
  Stacks stacks_;
  std::map<uint32_t, finding::Stack> known_;
  std::vector<uint32_t> ways_;  // of each node: the number of its path of call sites
  std::map<uint32_t, uint32_t> lenders_;
};

}  // namespace gordian::capture
