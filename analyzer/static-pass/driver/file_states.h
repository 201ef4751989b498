// What the files of a run hold, each read once: a hash of its bytes.
//
// Promises: safe to call from several threads. A file that has the size and the time of its last change that
// are expected is taken to be unchanged without reading it.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace gordian::check {

struct FileState {
  std::string path;
  uint64_t size = 0;
  int64_t changed = 0;  // nanoseconds since 1970
  uint64_t hash = 0;    // of the content
};

class FileStates {
 public:
  // As it is now; nothing when it cannot be read.
  std::optional<FileState> state_of(const std::string& path);
  bool is_unchanged(const FileState& expected);

 private:
  struct Known {
    bool exists = false;
    FileState state;
    bool has_hash = false;
  };

  Known looked_at(const std::string& path);
  std::optional<uint64_t> hash_of_content(const std::string& path);

  std::mutex mutex_;
  std::map<std::string, Known> known_;
};

}  // namespace gordian::check
