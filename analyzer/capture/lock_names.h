// What a lock is called: its global variable, else where it was initialised, else where it was first taken.
//
// Promises: a bare address is the last resort. Two locks of one view never share a name: those that would are
// numbered. `stable` is the part that survives a run and an edit: no address, no line, and nothing that
// depends on which thread came first.
#pragma once

#include <map>

#include "analyzer/capture/address_names.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

// "mutex", "rwlock", "spinlock", ...
std::string kind_name(model::ResourceKind kind);

// Where a lock was seen: the stack at an acquisition or an attempt.
struct Sighting {
  uint64_t site = 0;
  finding::Stack stack;
};

// One lock by its entry in the record (null: there is none) and by where it was seen; not numbered.
finding::ResourceName name_of_lock(const model::ResourceKey& key, const record::ResourceRecord* resource,
                                   const std::vector<Sighting>& sightings, AddressNames& names);

// A lock in one of its lives: memory that held a lock can hold another one later.
struct LockLife {
  model::ResourceKey key;
  uint32_t generation = 0;  // 0: the one that lives now
  LockLife(const model::ResourceKey& of, uint32_t which = 0) : key(of), generation(which) {}
  friend auto operator<=>(const LockLife&, const LockLife&) = default;
};

using LockSightings = std::map<LockLife, std::vector<Sighting>>;

// For sentences: `accounts[0].lock`, `the mutex first taken at ...`.
std::string lock_noun(const finding::ResourceName& name);

class LockNames {
 public:
  // `sightings` holds an entry for each lock that is to be named. Joins (kThread) are named by the threads,
  // not here.
  LockNames(const record::Record& record, const LockSightings& sightings, AddressNames& names);

  // Names that were found otherwise; those that occur twice are numbered.
  explicit LockNames(std::map<LockLife, finding::ResourceName> names);

  // A lock that was in nobody's sight comes back as its kind and address.
  finding::ResourceName name(const LockLife& life) const;

 private:
  void number();

  std::map<LockLife, finding::ResourceName> names_;
};

}  // namespace gordian::capture
