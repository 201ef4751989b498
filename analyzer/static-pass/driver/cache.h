// Units kept from one run to the next, in a directory, each in a file that is named by what made it: the
// command, and the version of this tool and its reader.
//
// Promises: an entry is given back only while every file that was read for it holds what it held. Damaged
// entries are no entries. Several runs may use one directory at a time. What has not been used for
// `kKeptDays` is removed. Known limit: a header that appears in a directory searched earlier than the one
// that was found is not noticed.
// Errors: a directory that cannot be written keeps nothing; `is_writable` says so.
#pragma once

#include <optional>
#include <string>

#include "analyzer/static-pass/driver/database.h"
#include "analyzer/static-pass/driver/file_states.h"
#include "analyzer/static-pass/summary/archive.h"
#include "analyzer/static-pass/summary/unit.h"

namespace gordian::check {

constexpr int kKeptDays = 30;

class Cache {
 public:
  // `directory`: empty for a cache that keeps nothing. `reader`: which program reads units.
  Cache(std::string directory, const std::string& reader, FileStates& files);

  std::optional<Unit> find(const CompileCommand& command, const WantedFunction& wanted = {});
  void keep(const CompileCommand& command, const Unit& unit, const std::string& archived);
  bool is_writable() const { return writable_; }
  void remove_old() const;

 private:
  std::string path_of(const CompileCommand& command) const;

  std::string directory_;
  std::string version_;
  FileStates& files_;
  bool writable_ = false;
};

}  // namespace gordian::check
