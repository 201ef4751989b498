// The lock orders that the process shows: learnt at each attempt, before the real call, from every lock that
// the thread holds to the one it asks for.
//
// What a thread holds, in order and with call sites, is summed up in a 64-bit key per entry of its record, as
// kernel lockdep sums up its chains. A key that the thread has met teaches nothing new: one comparison. Only
// what is new is looked up in the record's trie (record::OrderNode), and only what is new there is stored,
// with its stack. Two chains that share a key (one in 2^64; of those that a thread remembers besides, one in
// 2^45) are taken for one: something is then not learnt, never something false.
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
#include "runtime-hooks/steer.h"
#include "runtime-hooks/trace.h"

namespace gordian::hooks {

// Among the bits of an attempt: the mutex of a condition wait, which the wait will take back.
inline constexpr uint64_t kReacquireBit = 0x20;

[[gnu::always_inline]] inline uint64_t chain_key(uint64_t below, uint64_t word, uint64_t site) {
  uint64_t key = below ^ ((word & ~record::kStatusMask) * 0x9E3779B97F4A7C15u + site * 0xC2B2AE3D27D4EB4Fu);
  key *= 0xD6E8FEB86659FD93u;
  return key ^ key >> 29;
}

// Keys of the first two entries are reckoned where they are needed: keeping them would cost every nested lock
// a store.
inline constexpr uint32_t kFirstKept = 2;

[[gnu::always_inline]] inline uint64_t key_with(uint64_t below, const Hold& entry) {
  return record::word_status(entry.word) == HoldStatus::kEmpty ? below
                                                               : chain_key(below, entry.word, entry.site);
}

// The key below an entry that is to stand at `depth`, from kFirstKept on.
[[gnu::always_inline]] inline uint64_t key_below(const ThreadRecord* self, const PrivateThread* own,
                                                 uint32_t depth) {
  if (depth == kFirstKept) return key_with(key_with(base_key(own), self->holds[0]), self->holds[1]);
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

// One lock within one other is the common case: compared as it is, without a key.
[[gnu::always_inline]] inline SeenPair& seen_pair(PrivateThread* own, uint64_t word, uint64_t site) {
  return own->pairs_seen[(word >> 19 ^ word >> 26 ^ site >> 2) & (PrivateThread::kPairs - 1)];
}
[[gnu::always_inline]] inline SeenPair make_pair(const ThreadRecord* self, const PrivateThread* own,
                                                 uint64_t word, uint64_t site) {
  return {base_key(own) ^ (self->holds[0].word & ~record::kStatusMask), self->holds[0].site, word, site};
}

// Whether an attempt at that depth, which is not 0, teaches nothing: this thread has come this way before.
[[gnu::always_inline]] inline bool is_known_order(const ThreadRecord* self, uint32_t depth, uint64_t word,
                                                  uint64_t site) {
  PrivateThread* own = local.own;
  if (depth == 1) [[likely]] {
    const SeenPair& seen = seen_pair(own, word, site);
    const SeenPair now = make_pair(self, own, word, site);
    return ((seen.below ^ now.below) | (seen.below_site ^ now.below_site) | (seen.word ^ now.word) |
            (seen.site ^ now.site)) == 0;
  }
  if (depth >= PrivateThread::kMostKeys) return false;
  const uint64_t key = keep_key(self, own, depth, word, site);
  return seen_order(own, key) == key;
}

// Whether nothing has to be noted of an attempt: neither the resource nor the order is new to the thread.
[[gnu::always_inline]] inline bool is_routine(const ThreadRecord* self, ResourceKind kind, uint64_t address,
                                              uint64_t bits, const Site& site) {
  if constexpr (kTracing) return false;
  const uint32_t depth = record::progress_depth(self->progress);
  if (depth == 0) return is_met(kind, address);
  return is_known_order(self, depth, record::make_word(address, kind, bits), site.return_address);
}

// Before `begin` of an attempt that may block, after the resource was met. `first` says that the thread had
// not met it.
void learn_order(const ThreadRecord* self, uint64_t address, ResourceKind kind, uint64_t bits,
                 const Site& site);

// `first`: with nothing held it matters only that the thread takes it at all.
[[gnu::always_inline]] inline void note_attempt(const ThreadRecord* self, uint64_t address, ResourceKind kind,
                                                uint64_t bits, const Site& site, bool first = false) {
  const uint32_t depth = record::progress_depth(self->progress);
  const bool known =
      depth == 0 ? !first
                 : is_known_order(self, depth, record::make_word(address, kind, bits), site.return_address);
  if (!known) [[unlikely]]
    learn_order(self, address, kind, bits, site);
}

// The same, with the resource: meets it and returns its entry, or null. What a thread takes with nothing in
// its hands matters to those who join it; nobody joins the first thread.
[[gnu::always_inline]] inline record::ResourceRecord* note_lock_attempt(const ThreadRecord* self,
                                                                        uint64_t address, ResourceKind kind,
                                                                        uint64_t bits, const Site& site) {
  const bool first = !is_met(kind, address) && ((self->flags & record::kThreadIsMain) == 0 || steering);
  record::ResourceRecord* resource = meet(kind, address, site.return_address);
  note_attempt(self, address, kind, bits, site, first);
  if constexpr (kFollowing) trace_attempt(kind, address, bits, site.return_address);
  return resource;
}

// An entry below others was taken away: the keys of those above it no longer say what is held.
void forget_keys_above(const ThreadRecord* self, uint32_t index);

// The order of threads. `created` will begin after all that the calling thread has done.
void order_thread_start(const ThreadRecord* self, const ThreadRecord* created);
void order_thread_end(const ThreadRecord* self);
// It signals a condition: perhaps its last word under the lock that it took last.
void order_signal(const ThreadRecord* self);
// Its start routine has returned; what comes are destructors.
void order_routine_over();
// The serial by which the thread of that handle is known, whether it runs or has ended; 0: not known.
uint32_t serial_of_handle(uint64_t handle);
// The calling thread has seen the end of that one.
void order_after_join(const ThreadRecord* self, uint32_t joined_serial);

// Other orders that hold in every schedule (record::is_strict): what was done before the one comes before
// what is done after the other of the same round. A thread's first kMostSyncSegments of these are noted: more
// would be a stream.
void order_release(const ThreadRecord* self, const record::ResourceRecord* resource, uint32_t round);
void order_acquire(const ThreadRecord* self, const record::ResourceRecord* resource, uint32_t round);

// In a forked child, whose record has no stacks yet.
void order_stacks_after_fork();

// What the keys of a thread begin with in a segment.
uint64_t order_seed(uint32_t serial, uint32_t segment);

// Who a thread is, for the reader after its end; what it is called now, when it was noted before.
void note_origin(const ThreadRecord* self);

// A child's record begins without orders; what its threads remember refers to the parent's.
void orders_after_fork();

}  // namespace gordian::hooks
