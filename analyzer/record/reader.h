// Reads a flight record from a file: of a live process, of a dead one, or hostile.
//
// Promises: every offset and count is checked against the file before it is followed; strings need not be
// terminated; cycles in hash chains end. The only failure is RecordError, whose text is one line that says
// what is wrong, where, and what to try next. A Record is a private copy and does not change. Fuzzed by
// tests/fuzz.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "analyzer/record/flight_record.h"

namespace gordian::record {

class RecordError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct ThreadEntry {
  uint32_t slot = 0;
  ThreadRecord thread;        // as copied; `torn` when it moved while it was copied
  std::vector<Hold> entries;  // attempts and holds, overflow blocks included, in order
  bool torn = false;
};

// Where one order node, or the call of a misuse, was first seen.
struct EvidenceEntry {
  std::vector<Frame> frames;
  std::vector<Hold> holds;
};

struct Record {
  std::string path;
  Header header;
  std::string program;
  std::vector<std::string> arguments;
  std::vector<ModuleRecord> modules;
  std::vector<FindingRecord> findings;    // published ones
  std::vector<RaceRecord> races;          // published ones
  std::vector<ThreadEntry> threads;       // every slot that is not free
  std::vector<ResourceRecord> resources;  // at their places in the file; kind 0: none, to be passed over

  // The lock orders. Indices stay as they are in the file; what a node refers to exists, or the node has kind
  // 0 and is to be passed over, and a parent always comes before its children. A chain of witnesses ends and
  // belongs to one node. Of the origins, those of serial 0 are not known.
  std::vector<OrderNode> orders;
  std::vector<OrderWitness> witnesses;
  std::vector<ThreadOrigin> origins;
  std::vector<ThreadLink> links;
  std::vector<unsigned char> evidence;  // the evidence area; see evidence_at
};

// The evidence at a node's or finding's place (index + 1 in units of 16 bytes); nothing for 0 and for a place
// that holds none.
EvidenceEntry evidence_at(const Record& record, uint32_t place);

Record read_record(const std::string& path);

// Without the lock orders and without evidence, which can be most of it: what is so now.
Record read_state(const std::string& path);

// Only the number of published findings, races among them; cheap enough to poll.
uint32_t count_findings(const std::string& path);

}  // namespace gordian::record
