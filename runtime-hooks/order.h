// The lock orders that the process shows: learnt at each attempt, before the real call, from every lock that
// the thread holds to the one it asks for.
//
// What a thread holds, in order and with call sites, is summed up in a 64-bit key per entry of its record, as
// kernel lockdep sums up its chains. A key that the thread has met teaches nothing new: one comparison. Only
// what is new is looked up in the record's trie (record::OrderNode), and only what is new there is stored,
// with its stack. Two chains that share a key (one in 2^64) are taken for one: something is then not learnt,
// never something false.
//
// A thread's life is cut into segments by the threads that it creates and joins. The key begins with thread
// and segment, so that an order is learnt again in each: that is how the reader knows what came before what
// in every schedule.
//
// Promises: for the calling thread; async-signal-safe; no allocation. Grows with new contexts, not with time;
// what finds no room is counted in the record's `unseen`.
#pragma once

#include "runtime-hooks/resources.h"
#include "runtime-hooks/site.h"

namespace gordian::hooks {

// Among the bits of an attempt: the mutex of a condition wait, which the wait will take back.
inline constexpr uint64_t kReacquireBit = 0x20;

[[gnu::always_inline]] inline uint64_t chain_key(uint64_t below, uint64_t word, uint64_t site) {
  uint64_t key = below ^ ((word & ~record::kStatusMask) * 0x9E3779B97F4A7C15u + site * 0xC2B2AE3D27D4EB4Fu);
  key *= 0xD6E8FEB86659FD93u;
  return key ^ key >> 29;
}

// The key below an entry that is to stand at `depth`, which is not 0.
[[gnu::always_inline]] inline uint64_t key_below(const ThreadRecord* self, const PrivateThread* own,
                                                 uint32_t depth) {
  if (depth == 1) return chain_key(own->order_seed, self->holds[0].word, self->holds[0].site);
  return own->order_keys[depth - 1];
}

// Keeps the key of the entry that is about to be pushed.
[[gnu::always_inline]] inline uint64_t keep_key(const ThreadRecord* self, PrivateThread* own, uint32_t depth,
                                                uint64_t word, uint64_t site) {
  const uint64_t key = chain_key(key_below(self, own, depth), word, site);
  own->order_keys[depth] = key;
  return key;
}

[[gnu::always_inline]] inline uint64_t& seen_order(PrivateThread* own, uint64_t key) {
  return own->order_seen[key >> (64 - PrivateThread::kOrderBits)];
}

// Whether an attempt teaches nothing: the thread holds nothing, or has been here before.
[[gnu::always_inline]] inline bool is_known_order(const ThreadRecord* self, uint64_t word, uint64_t site) {
  const uint32_t depth = record::progress_depth(self->progress);
  if (depth == 0) return true;
  if (depth >= PrivateThread::kMostKeys) return false;
  PrivateThread* own = local.own;
  const uint64_t key = keep_key(self, own, depth, word, site);
  return seen_order(own, key) == key;
}

// Before `begin` of an attempt that may block, after the resource was met. `first` says that the thread had
// not met it.
void learn_order(const ThreadRecord* self, uint64_t address, ResourceKind kind, uint64_t bits,
                 const Site& site);

[[gnu::always_inline]] inline void note_attempt(const ThreadRecord* self, uint64_t address, ResourceKind kind,
                                                uint64_t bits, const Site& site, bool first = false) {
  if (!is_known_order(self, record::make_word(address, kind, bits), site.return_address) || first)
      [[unlikely]]
    learn_order(self, address, kind, bits, site);
}

// The same, with the resource: meets it and returns its entry, or null. What a thread takes with nothing in
// its hands matters to those who join it; nobody joins the first thread.
[[gnu::always_inline]] inline record::ResourceRecord* note_lock_attempt(const ThreadRecord* self,
                                                                        uint64_t address, ResourceKind kind,
                                                                        uint64_t bits, const Site& site) {
  const bool first = !is_met(kind, address) && (self->flags & record::kThreadIsMain) == 0;
  record::ResourceRecord* resource = meet(kind, address, site.return_address);
  note_attempt(self, address, kind, bits, site, first);
  return resource;
}

// An entry below others was taken away: the keys of those above it no longer say what is held.
void forget_keys_above(const ThreadRecord* self, uint32_t index);

// The order of threads. `created` will begin after all that the calling thread has done.
void order_thread_start(const ThreadRecord* self, const ThreadRecord* created);
void order_thread_end(const ThreadRecord* self);
// The serial by which the thread of that handle is known, whether it runs or has ended; 0: not known.
uint32_t serial_of_handle(uint64_t handle);
// The calling thread has seen the end of that one.
void order_after_join(const ThreadRecord* self, uint32_t joined_serial);

// What the keys of a thread begin with in a segment.
uint64_t order_seed(uint32_t serial, uint32_t segment);

// In the thread itself, when it has a record: who it is, for the reader after its end.
void note_origin(const ThreadRecord* self);

// A child's record begins without orders; what its threads remember refers to the parent's.
void orders_after_fork();

}  // namespace gordian::hooks
