// pthread barriers: init, destroy, wait. A barrier has no owner: a waiter is released by whoever arrives
// last.
#include "runtime-hooks/misuse.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/verbs.h"

namespace gordian::hooks {
namespace {
constexpr auto kBarrierKind = ResourceKind::kBarrier;

// A thread that uses many barriers may be counted again: the order is then not relied on, where it could have
// been.
bool is_new_here(const record::ResourceRecord* resource) {
  PrivateThread* own = local.own;
  const uint32_t name = runtime.resource_index(resource) + 1;
  for (const uint32_t known : own->barriers)
    if (known == name) return false;
  for (uint32_t i = PrivateThread::kBarriers - 1; i > 0; --i) own->barriers[i] = own->barriers[i - 1];
  own->barriers[0] = name;
  return true;
}

// The round that an arrival belongs to, which it is noted to come before.
uint32_t arrive(const ThreadRecord* self, record::ResourceRecord* resource) {
  if (resource == nullptr || resource->initial_value <= 0) return 0;
  if (is_new_here(resource)) __atomic_fetch_add(&resource->participants, 1, __ATOMIC_RELAXED);
  const uint32_t arrival = __atomic_fetch_add(&resource->rounds, 1, __ATOMIC_ACQ_REL);
  const uint32_t round = arrival / static_cast<uint32_t>(resource->initial_value);
  order_release(self, resource, round);
  return round;
}

// No more threads than it waits for: each comes once a round, so that arrivals are numbered as they count.
[[maybe_unused]] bool comes_in_rounds(const record::ResourceRecord* resource) {
  return resource != nullptr && resource->initial_value > 0 &&
         __atomic_load_n(&resource->participants, __ATOMIC_RELAXED) <=
             static_cast<uint32_t>(resource->initial_value);
}

}  // namespace
}  // namespace gordian::hooks

using namespace gordian::hooks;

#pragma GCC visibility push(default)
extern "C" {

int pthread_barrier_init(pthread_barrier_t* barrier, const pthread_barrierattr_t* attributes,
                         unsigned count) noexcept {
  check_init(kBarrierKind, address_of(barrier), call_site());
  const int result = real::pthread_barrier_init(barrier, attributes, count);
  if (result == 0 && current() != nullptr) {
    int shared = PTHREAD_PROCESS_PRIVATE;
    if (attributes != nullptr) pthread_barrierattr_getpshared(attributes, &shared);
    resources.initialised(kBarrierKind, address_of(barrier), call_site().return_address,
                          static_cast<int32_t>(count), shared == PTHREAD_PROCESS_SHARED);
  }
  return result;
}

int pthread_barrier_destroy(pthread_barrier_t* barrier) noexcept {
  check_destroy(kBarrierKind, address_of(barrier), call_site());
  const int result = real::pthread_barrier_destroy(barrier);
  if (result == 0) resources.destroyed(kBarrierKind, address_of(barrier));
  return result;
}

int pthread_barrier_wait(pthread_barrier_t* barrier) noexcept {
  ThreadRecord* self = current();
  if (self == nullptr) return real::pthread_barrier_wait(barrier);
  const Site site = call_site();
  auto* resource = meet(kBarrierKind, address_of(barrier), site.return_address);
  const uint32_t round = arrive(self, resource);
  Hold* entry = begin(self, address_of(barrier), kBarrierKind, 0, site);
  if constexpr (kRaces) to_clocks::arrives(address_of(barrier), round, site.return_address);
  if constexpr (kTracing) {
    to_file::notifies(kBarrierKind, address_of(barrier), site.return_address, 0);
    to_file::attempt(kBarrierKind, address_of(barrier), 0, site.return_address);
  }
  Registers registers;
  capture(registers);
  about_to_wait(self, registers);
  const int result = real::pthread_barrier_wait(barrier);
  if constexpr (kSampling) to_sampler::took_over();
  if constexpr (kTracing) to_file::woke(entry, 0);
  if constexpr (kRaces)
    to_clocks::passed(address_of(barrier), round, comes_in_rounds(resource), site.return_address);
  undo(self, entry);
  order_acquire(self, resource, round);
  return result;
}

}  // extern "C"
#pragma GCC visibility pop
