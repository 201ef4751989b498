#include "analyzer/model/recorded_order.h"

#include <map>
#include <tuple>

namespace gordian::model {
namespace {

using record::OrderNode;
using record::ResourceRecord;

class Reading {
 public:
  explicit Reading(const OrderTables& tables) : tables_(tables) {}

  RecordedOrder run() {
    steps_.assign(tables_.orders.size(), UINT32_MAX);
    for (uint32_t i = 0; i < tables_.orders.size(); ++i) {
      if (!is_whole(i)) continue;
      steps_[i] = static_cast<uint32_t>(result_.order.steps.size());
      result_.order.steps.push_back(step_of(i));
    }
    for (const record::ThreadLink& link : tables_.links)
      if (holds_always(link.from_serial) && holds_always(link.to_serial)) result_.order.links.push_back(link);
    add_last_words();
    result_.order.links_dropped = tables_.links_dropped;
    return std::move(result_);
  }

 private:
  bool is_whole(uint32_t index) const {
    const OrderNode& node = tables_.orders[index];
    if (node.kind == 0 || node.parent > index) return false;
    if (node.parent != 0 && steps_[node.parent - 1] == UINT32_MAX) return false;
    return static_cast<ResourceKind>(node.kind) == ResourceKind::kThread ||
           node.resource < tables_.resources.size();
  }

  bool holds_always(uint32_t serial) const {
    if (serial < record::kSyncSerial) return true;
    const uint32_t resource = serial - record::kSyncSerial;
    return resource < tables_.resources.size() && record::is_strict(tables_.resources[resource]);
  }

  void add_last_words() {
    for (OrderedLock& lock : result_.order.locks) {
      if (lock.key.kind != ResourceKind::kThread || lock.key.address - 1 >= tables_.origins.size()) continue;
      const record::ThreadOrigin& origin = tables_.origins[lock.key.address - 1];
      if (origin.told_under == 0) continue;
      const auto place =
          locks_.find({ResourceKind::kMutex, origin.told_under - 1, origin.told_under_generation});
      if (place != locks_.end()) lock.told_under = place->second;
    }
  }

  OrderStep step_of(uint32_t index) {
    const OrderNode& node = tables_.orders[index];
    OrderStep step;
    step.parent = node.parent == 0 ? UINT32_MAX : steps_[node.parent - 1];
    step.lock = lock_of(node);
    step.site = node.site;
    step.shared = (node.bits & record::kOrderShared) != 0;
    step.attempted = (node.bits & record::kOrderAttempted) != 0;
    step.timed = (node.bits & record::kOrderTimed) != 0;
    step.reacquired = (node.bits & record::kOrderReacquired) != 0;
    step.witnesses_dropped = (node.bits & record::kOrderWitnessesDropped) != 0;
    for (uint32_t next = node.witnesses; next != 0 && next <= tables_.witnesses.size();) {
      const record::OrderWitness& witness = tables_.witnesses[next - 1];
      if (step.witnesses.size() == record::kMaxWitnessesPerNode) break;
      next = witness.next;
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
      known = &tables_.resources[resource];
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

  const OrderTables& tables_;
  RecordedOrder result_;
  std::vector<uint32_t> steps_;  // of each node
  std::map<std::tuple<ResourceKind, uint32_t, uint32_t>, uint32_t> locks_;
};

}  // namespace

RecordedOrder order_in(const OrderTables& tables) {
  return Reading(tables).run();
}

}  // namespace gordian::model
