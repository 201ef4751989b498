// Where accesses are made: stacks and sets of held locks, each kept once for the whole process, under numbers
// that fit into an entry of the shadow.
//
// A stack is a node of a trie: a return address under the node of its caller. A context is a leaf: the
// access's own place under the node of its function, with the locks that were held. Nodes are never removed.
// Where the trie is full, context 0 stands for what is not known, and that is counted.
//
// Threads: any, also in signal handlers; insertion takes no lock.
#pragma once

#include "analyzer/record/flight_record.h"
#include "runtime-hooks/race-runtime/shadow.h"

namespace gordian::hooks::races {

// What stands in a leaf in place of a set of locks: how the access was made.
inline constexpr uint32_t kMaxLocksets = 4096;
inline constexpr uint32_t kNoLockset = kMaxLocksets;  // locks were held, and which is not known
enum class Manner : uint32_t {
  kPlain = 0,
  kFree = 0x4001,
  kVirtualTable = 0x4002,
  kBulk = 0x4003,
  kUse = 0x4004,  // of a lock or the like, or a file descriptor
  kEnd = 0x4005,  // of its life
};

struct Place {
  uint64_t pc;      // return address of the callback
  uint32_t caller;  // node
  uint32_t lockset;
  Manner manner;
};

bool map_depot();

// The node of `pc`, a return address, called from what `parent` stands for; 0 is the empty stack.
uint32_t stack_node(uint32_t parent, uint64_t pc);
uint32_t context_node(uint32_t stack, uint64_t pc, uint32_t lockset_or_manner);

Place place_of(uint32_t context);

// Innermost first; frames[0] is the access itself.
uint32_t frames_of(uint32_t context, record::Frame* frames, uint32_t capacity);

// A set of locks: one more, taken at `site`, on top of `below`.
uint32_t lockset_with(uint32_t below, uint64_t word, uint64_t site);
// Outermost last.
uint32_t holds_of(uint32_t lockset, record::Hold* holds, uint32_t capacity);

}  // namespace gordian::hooks::races
