// One open record file, read by ranges: only what the counts name is ever read, for the file is mostly holes.
//
// Promises: every range is checked against the size that the file has now; a range that is not there is a
// RecordError. Nothing is mapped, so a file that shrinks while it is read is an error and never a SIGBUS.
// Errors are one line: what, where, what to try next.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>

#include "analyzer/record/reader.h"

namespace gordian::record {

class RecordFile {
 public:
  explicit RecordFile(const std::string& path);
  ~RecordFile();
  RecordFile(const RecordFile&) = delete;
  RecordFile& operator=(const RecordFile&) = delete;

  // The header, checked: magic, byte order, version, sizes of the structures and every count.
  Header header() const;

  // Copies `size` bytes at `offset`; `what` names them in the error.
  void read(uint64_t offset, void* out, size_t size, const char* what) const;

  template <typename T>
  T read_one(uint64_t offset, const char* what) const {
    static_assert(std::is_trivially_copyable_v<T>);
    T value;
    read(offset, &value, sizeof value, what);
    return value;
  }

  [[noreturn]] void damaged(const std::string& what) const;
  [[noreturn]] void truncated(const char* what, uint64_t needed) const;

 private:
  uint64_t size() const;
  [[noreturn]] void fail(const std::string& what, const std::string& next) const;

  std::string path_;
  int descriptor_ = -1;
};

}  // namespace gordian::record
