// Names of locks that last as long as a process is watched.
//
// A view numbers locks that share a name, by the locks that it shows: the next view, which shows others,
// would number them otherwise. Here the first name that a lock was given stays, and no other lock gets it.
#pragma once

#include <map>
#include <set>
#include <string>

#include "analyzer/capture/lock_names.h"

namespace gordian::capture {

class LastingNames {
 public:
  // `proposed` is what the view of now calls it.
  const std::string& name(const LockLife& lock, const std::string& proposed);

 private:
  std::map<LockLife, std::string> names_;
  std::set<std::string> used_;
};

}  // namespace gordian::capture
