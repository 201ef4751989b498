// A wrong call as the watched process told it, with names for the threads and locks that it is about.
//
// Promises: plain data. A thread that has ended is named by what was noted of it while it lived, a lock whose
// life has ended by that life and not by what is at its address now.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "analyzer/capture/scene.h"

namespace gordian::capture {

struct Party {
  finding::ThreadName thread;
  std::string label;  // for sentences: `"worker-1"`, or what is known instead
  bool is_caller = false;
  bool waits = false;  // it waits for the lock; otherwise it holds it
  finding::Stack at;   // where it took it, or waits; empty when that is not known
};

struct Misuse {
  record::Rule rule = record::Rule::kNone;
  record::Grade grade = record::Grade::kNone;
  finding::ThreadName thread;
  std::string label;
  finding::ResourceName lock;
  std::string noun;     // the lock, for sentences
  finding::Stack call;  // of a lock that is left held: where it was taken
  std::optional<Party> party;

  std::string second_noun;                  // the other mutex, where there is one
  std::vector<finding::Acquisition> holds;  // what was taken, the lock itself first
  std::string own_noun;  // the mutex that the caller waits with, where it is another than `second`
  record::Ending ending = record::Ending::kDestroyed;
  uint64_t scheduling = 0;  // record::pack_scheduling
};

std::vector<Misuse> misuses_told(const record::Record& record, const Scene& scene, AddressNames& names,
                                 uint32_t stack_depth);

}  // namespace gordian::capture
