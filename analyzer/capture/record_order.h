// The lock orders of a record as the model has them, with the way back to the record.
//
// Promises: pure function of the record. What the record has forgotten about an earlier life of a lock is
// left open; a semaphore of which nobody knows any more what it was used for is taken for an event, and
// accused of nothing. Keeps pointers into the record, which must outlive it.
#pragma once

#include <vector>

#include "analyzer/capture/lock_names.h"
#include "analyzer/model/lock_order.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

struct RecordedOrder {
  model::LockOrder order;
  std::vector<const record::ResourceRecord*> resources;  // of each lock; null where the record tells of
                                                         // another life by now
  LockLife life_of(uint32_t lock) const;                 // as LockNames knows it
};

RecordedOrder lock_order_of(const record::Record& record);

}  // namespace gordian::capture
