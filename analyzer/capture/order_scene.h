// A scene of lock orders: a name for every lock, thread and stack in them, whether or not they are still
// there.
//
// Promises: locks that the scene knows have the names that they have there. Keeps references, which must
// outlive it.
#pragma once

#include <string>

#include "analyzer/capture/order_stacks.h"
#include "analyzer/capture/record_order.h"
#include "analyzer/capture/scene.h"
#include "analyzer/capture/thread_names.h"

namespace gordian::capture {

class OrderScene {
 public:
  OrderScene(const RecordedOrder& recorded, const Scene& scene, const ThreadNames& threads,
             OrderStacks& stacks)
      : recorded_(recorded), scene_(scene), threads_(threads), stacks_(stacks) {}

  uint32_t pid() const { return scene_.pid(); }
  const model::LockOrder& order() const { return recorded_.order; }
  const model::OrderedLock& lock(uint32_t index) const { return recorded_.order.locks[index]; }
  const model::OrderStep& step(uint32_t index) const { return recorded_.order.steps[index]; }
  const ThreadNames& threads() const { return threads_; }

  finding::ResourceName lock_name(uint32_t index) const;
  // For sentences; `the end of "worker"` for a thread.
  std::string noun(uint32_t index) const;
  bool is_thread(uint32_t index) const { return lock(index).key.kind == model::ResourceKind::kThread; }

  // The name that a lock shares with its class-mates, who were taken at the same places: without a number.
  finding::ResourceName class_name(uint32_t index, const std::vector<Sighting>& sightings,
                                   AddressNames& names) const;

  // Where that step asked.
  const finding::Stack& stack(uint32_t step_index) const { return stacks_.at(step(step_index).record_node); }

 private:
  const RecordedOrder& recorded_;
  const Scene& scene_;
  const ThreadNames& threads_;
  OrderStacks& stacks_;
};

// A joined thread as something that is waited for.
finding::ResourceName name_of_end(uint32_t serial, const ThreadNames& threads);

}  // namespace gordian::capture
