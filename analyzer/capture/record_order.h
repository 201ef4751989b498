// The lock orders of a record as the model has them, with the way back to the record.
//
// Promises: as model/recorded_order.h. Keeps pointers into the record, which must outlive it.
#pragma once

#include "analyzer/capture/lock_names.h"
#include "analyzer/model/recorded_order.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

struct RecordedOrder : model::RecordedOrder {
  LockLife life_of(uint32_t lock) const;  // as LockNames knows it
};

RecordedOrder lock_order_of(const record::Record& record);

}  // namespace gordian::capture
