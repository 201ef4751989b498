#include "analyzer/capture/record_order.h"

#include <map>
#include <tuple>

namespace gordian::capture {
namespace {

using model::OrderedLock;
using model::ResourceKind;
using record::OrderNode;
using record::ResourceRecord;

class Reading {
 public:
  explicit Reading(const record::Record& record) : record_(record) {}

  RecordedOrder run() {
    steps_.assign(record_.orders.size(), UINT32_MAX);
    for (uint32_t i = 0; i < record_.orders.size(); ++i) {
      if (record_.orders[i].kind == 0) continue;
      steps_[i] = static_cast<uint32_t>(result_.order.steps.size());
      result_.order.steps.push_back(step_of(i));
    }
    for (const record::ThreadLink& link : record_.links)
      if (holds_always(link.from_serial) && holds_always(link.to_serial)) result_.order.links.push_back(link);
    add_last_words();
    result_.order.links_dropped =
        record_.header.unseen[static_cast<size_t>(record::Unseen::kThreadOrder)] != 0;
    return std::move(result_);
  }

 private:
  bool holds_always(uint32_t serial) const {
    if (serial < record::kSyncSerial) return true;
    const uint32_t resource = serial - record::kSyncSerial;
    return resource < record_.resources.size() && record::is_strict(record_.resources[resource]);
  }

  void add_last_words() {
    for (OrderedLock& lock : result_.order.locks) {
      if (lock.key.kind != ResourceKind::kThread || lock.key.address - 1 >= record_.origins.size()) continue;
      const record::ThreadOrigin& origin = record_.origins[lock.key.address - 1];
      if (origin.told_under == 0) continue;
      const auto place =
          locks_.find({ResourceKind::kMutex, origin.told_under - 1, origin.told_under_generation});
      if (place != locks_.end()) lock.told_under = place->second;
    }
  }

  model::OrderStep step_of(uint32_t index) {
    const OrderNode& node = record_.orders[index];
    model::OrderStep step;
    step.parent = node.parent == 0 ? UINT32_MAX : steps_[node.parent - 1];
    step.lock = lock_of(node);
    step.site = node.site;
    step.shared = (node.bits & record::kOrderShared) != 0;
    step.attempted = (node.bits & record::kOrderAttempted) != 0;
    step.timed = (node.bits & record::kOrderTimed) != 0;
    step.reacquired = (node.bits & record::kOrderReacquired) != 0;
    step.witnesses_dropped = (node.bits & record::kOrderWitnessesDropped) != 0;
    for (uint32_t next = node.witnesses; next != 0; next = record_.witnesses[next - 1].next) {
      const record::OrderWitness& witness = record_.witnesses[next - 1];
      step.witnesses.push_back({witness.serial, witness.first_segment, witness.last_segment});
    }
    step.record_node = index;
    return step;
  }

  uint32_t lock_of(const OrderNode& node) {
    const auto kind = static_cast<ResourceKind>(node.kind);
    const uint32_t generation = kind == ResourceKind::kThread ? 0 : node.generation;
    const auto [place, is_new] = locks_.try_emplace({kind, node.resource, generation},
                                                    static_cast<uint32_t>(result_.order.locks.size()));
    if (is_new) add_lock(kind, node.resource, generation);
    return place->second;
  }

  void add_lock(ResourceKind kind, uint32_t resource, uint32_t generation) {
    OrderedLock lock;
    lock.generation = generation;
    const ResourceRecord* known = nullptr;
    if (kind == ResourceKind::kThread) {
      lock.key = {kind, resource};
    } else {
      known = &record_.resources[resource];
      lock.key = {kind, known->address};
      if (known->generation != generation || known->kind != static_cast<uint8_t>(kind)) known = nullptr;
      fill(lock, known);
    }
    result_.order.locks.push_back(lock);
    result_.resources.push_back(known);
  }

  static void fill(OrderedLock& lock, const ResourceRecord* known) {
    if (known == nullptr) {
      if (lock.key.kind == ResourceKind::kSemaphore) lock.usage = record::Usage::kSignal;
      return;
    }
    lock.usage = static_cast<record::Usage>(known->usage);
    // Given back by those who did not have it: whatever it is, it is no lock with a holder.
    const bool is_event = (known->flags & record::kResourceReleasedByOther) != 0 ||
                          (lock.key.kind == ResourceKind::kSemaphore && known->signals != 0);
    if (is_event) lock.usage = record::Usage::kSignal;
    if (lock.key.kind == ResourceKind::kSemaphore) lock.units = known->initial_value;
    lock.prefers_writers = (known->flags & record::kResourcePrefersWriters) != 0;
  }

  const record::Record& record_;
  RecordedOrder result_;
  std::vector<uint32_t> steps_;  // of each node
  std::map<std::tuple<ResourceKind, uint32_t, uint32_t>, uint32_t> locks_;
};

}  // namespace

LockLife RecordedOrder::life_of(uint32_t lock) const {
  const ResourceRecord* known = resources[lock];
  const bool lives_now = known != nullptr && (known->flags & record::kResourceEnded) == 0;
  return {order.locks[lock].key, lives_now ? 0 : order.locks[lock].generation};
}

RecordedOrder lock_order_of(const record::Record& record) {
  return Reading(record).run();
}

}  // namespace gordian::capture
