// The lock orders of a process as the model has them, with the way back to the tables that they were kept in.
//
// Promises: pure function of the tables; an index that leads nowhere, and a node that is half written, is
// passed over. What the tables have forgotten about an earlier life of a lock is left open; a semaphore of
// which nobody knows any more what it was used for is taken for an event, and accused of nothing. Keeps
// pointers into the tables, which must outlive it. No exceptions: the watched process can run it.
#pragma once

#include <span>
#include <vector>

#include "analyzer/model/lock_order.h"
#include "analyzer/record/flight_record.h"

namespace gordian::model {

// As they lie in a flight record, in a file or in the process that writes it.
struct OrderTables {
  std::span<const record::OrderNode> orders;
  std::span<const record::OrderWitness> witnesses;
  std::span<const record::ThreadOrigin> origins;
  std::span<const record::ThreadLink> links;
  std::span<const record::ResourceRecord> resources;
  bool links_dropped = false;
};

struct RecordedOrder {
  LockOrder order;
  std::vector<const record::ResourceRecord*> resources;  // of each lock; null where the table tells of
                                                         // another life by now
};

RecordedOrder order_in(const OrderTables& tables);

}  // namespace gordian::model
