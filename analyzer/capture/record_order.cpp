#include "analyzer/capture/record_order.h"

namespace gordian::capture {

LockLife RecordedOrder::life_of(uint32_t lock) const {
  const record::ResourceRecord* known = resources[lock];
  const bool lives_now = known != nullptr && (known->flags & record::kResourceEnded) == 0;
  return {order.locks[lock].key, lives_now ? 0 : order.locks[lock].generation};
}

RecordedOrder lock_order_of(const record::Record& record) {
  const auto dropped = record.header.unseen[static_cast<size_t>(record::Unseen::kThreadOrder)];
  return {model::order_in({.orders = record.orders,
                           .witnesses = record.witnesses,
                           .origins = record.origins,
                           .links = record.links,
                           .resources = record.resources,
                           .links_dropped = dropped != 0})};
}

}  // namespace gordian::capture
