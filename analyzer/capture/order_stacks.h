// The stacks of lock orders: where something was asked for when that was seen first.
//
// Promises: a stack is never longer than what is known; without evidence it is the call alone. Each is looked
// up once.
#pragma once

#include <map>

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
  finding::Stack find(const record::OrderNode& node);

  const record::Record& record_;
  Stacks stacks_;
  std::map<uint32_t, finding::Stack> known_;
};

}  // namespace gordian::capture
