#include "analyzer/static-pass/driver/file_states.h"

#include <sys/stat.h>

#include "analyzer/static-pass/driver/file_bytes.h"
#include "analyzer/static-pass/summary/hash.h"

namespace gordian::check {

FileStates::Known FileStates::looked_at(const std::string& path) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(path);
    if (found != known_.end()) return found->second;
  }
  Known known;
  struct stat status {};
  if (stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
    known.exists = true;
    known.state.path = path;
    known.state.size = static_cast<uint64_t>(status.st_size);
    known.state.changed = int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec;
  }
  const std::lock_guard lock(mutex_);
  return known_.try_emplace(path, std::move(known)).first->second;
}

std::optional<uint64_t> FileStates::hash_of_content(const std::string& path) {
  const Known known = looked_at(path);
  if (!known.exists) return std::nullopt;
  if (known.has_hash) return known.state.hash;
  const std::optional<std::string> bytes = bytes_of_file(path);
  if (!bytes) return std::nullopt;
  const std::lock_guard lock(mutex_);
  Known& kept = known_[path];
  kept.state.hash = hash_of(*bytes);
  kept.has_hash = true;
  return kept.state.hash;
}

std::optional<FileState> FileStates::state_of(const std::string& path) {
  const std::optional<uint64_t> hash = hash_of_content(path);
  if (!hash) return std::nullopt;
  FileState state = looked_at(path).state;
  state.hash = *hash;
  return state;
}

bool FileStates::is_unchanged(const FileState& expected) {
  const Known known = looked_at(expected.path);
  if (!known.exists || known.state.size != expected.size) return false;
  return known.state.changed == expected.changed || hash_of_content(expected.path) == expected.hash;
}

}  // namespace gordian::check
