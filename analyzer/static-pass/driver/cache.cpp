#include "analyzer/static-pass/driver/cache.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "analyzer/static-pass/driver/file_bytes.h"
#include "analyzer/static-pass/summary/hash.h"

namespace gordian::check {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSuffix = ".unit";

std::string hexadecimal(uint64_t value) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text(16, '0');
  for (size_t i = 16; i-- > 0; value >>= 4) text[i] = kDigits[value & 15];
  return text;
}

// An entry: the states of the files, one a line, an empty line, and the archived unit, which checks itself.
std::string header_of(const std::vector<FileState>& states) {
  std::string text;
  for (const FileState& state : states) {
    text += std::to_string(state.size) + " " + std::to_string(state.changed) + " " +
            std::to_string(state.hash) + " " + state.path + "\n";
  }
  return text + "\n";
}

std::optional<FileState> read_state(std::string_view line) {
  FileState state;
  const std::string text(line);
  int path_at = 0;
  if (std::sscanf(text.c_str(), "%lu %ld %lu %n", &state.size, &state.changed, &state.hash, &path_at) != 3)
    return std::nullopt;
  state.path = text.substr(static_cast<size_t>(path_at));
  return state;
}

// The states, and the rest of the bytes behind them.
std::optional<std::vector<FileState>> read_header(std::string_view& bytes) {
  std::vector<FileState> states;
  while (true) {
    const size_t end = bytes.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end + 1);
    if (line.empty()) return states;
    std::optional<FileState> state = read_state(line);
    if (!state) return std::nullopt;
    states.push_back(*std::move(state));
  }
}

}  // namespace

Cache::Cache(std::string directory, const std::string& reader, FileStates& files)
    : directory_(std::move(directory)), files_(files) {
  if (directory_.empty()) return;
  std::error_code error;
  fs::create_directories(directory_, error);
  writable_ = access(directory_.c_str(), W_OK) == 0;
  // Another build of the reader may read units otherwise.
  const std::optional<FileState> program = files_.state_of(reader);
  version_ = std::to_string(kArchiveVersion) + " " + (program ? std::to_string(program->hash) : reader);
}

std::string Cache::path_of(const CompileCommand& command) const {
  std::string text = version_ + '\0' + command.directory + '\0' + command.file;
  for (const std::string& word : command.arguments) text += '\0' + word;
  return directory_ + "/" + hexadecimal(hash_of(text)) + hexadecimal(hash_of(text, 1)) + std::string(kSuffix);
}

std::optional<Unit> Cache::find(const CompileCommand& command, const WantedFunction& wanted) {
  if (directory_.empty()) return std::nullopt;
  const std::string path = path_of(command);
  const std::optional<std::string> bytes = bytes_of_file(path);
  if (!bytes) return std::nullopt;
  std::string_view rest = *bytes;
  const std::optional<std::vector<FileState>> states = read_header(rest);
  if (!states || states->empty()) return std::nullopt;
  for (const FileState& state : *states)
    if (!files_.is_unchanged(state)) return std::nullopt;
  std::optional<Unit> unit = read_unit(rest, wanted);
  std::error_code error;
  if (unit) fs::last_write_time(path, fs::file_time_type::clock::now(), error);  // used today
  return unit;
}

void Cache::keep(const CompileCommand& command, const Unit& unit, const std::string& archived) {
  if (!writable_) return;
  std::vector<FileState> states;
  for (const std::string& file : unit.includes) {
    std::optional<FileState> state = files_.state_of(file);
    if (!state) return;
    states.push_back(*std::move(state));
  }
  const std::string path = path_of(command);
  const std::string unfinished = path + "." + std::to_string(getpid());
  {
    std::ofstream stream(unfinished, std::ios::binary);
    stream << header_of(states) << archived;
    if (!stream.flush()) {
      stream.close();
      unlink(unfinished.c_str());
      return;
    }
  }
  std::error_code error;
  fs::rename(unfinished, path, error);
}

void Cache::remove_old() const {
  if (!writable_) return;
  const auto oldest = fs::file_time_type::clock::now() - std::chrono::hours(24 * kKeptDays);
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory_, error)) {
    // Left over by a run that was killed, or not used for long.
    const bool ours = entry.path().filename().string().find(kSuffix) != std::string::npos;
    std::error_code vanished;
    if (ours && entry.last_write_time(vanished) < oldest && !vanished) fs::remove(entry.path(), vanished);
  }
}

}  // namespace gordian::check
