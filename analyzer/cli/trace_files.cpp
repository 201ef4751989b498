#include "analyzer/cli/trace_files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>

#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"
#include "analyzer/record/trace_format.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;

constexpr size_t kLongestPath = 800;  // of what the hooks have room for
constexpr size_t kLongestShown = 160;
constexpr const char* kAnother = "; name another file with --record-trace";

uint64_t now_ns() {
  using namespace std::chrono;
  return static_cast<uint64_t>(duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count());
}

[[noreturn]] void refuse(const std::string& path, const std::string& why) {
  const std::string shown = path.size() <= kLongestShown ? path : path.substr(0, kLongestShown) + "...";
  throw Refusal(fmt::format("cannot record a trace into {}: {}{}", shown, why, kAnother));
}

// Where the file is or will be.
std::string resolved(const std::string& asked) {
  struct stat status {};
  if (stat(asked.c_str(), &status) == 0) {
    if (S_ISDIR(status.st_mode)) refuse(asked, "it is a directory");
    if (!S_ISREG(status.st_mode)) refuse(asked, "it is not a regular file");
    if (access(asked.c_str(), W_OK) != 0) refuse(asked, error_text(errno));
    return fs::canonical(asked).string();
  }
  if (errno != ENOENT && errno != ENOTDIR) refuse(asked, error_text(errno));
  if (lstat(asked.c_str(), &status) == 0) refuse(asked, "it is a link that leads nowhere");
  const fs::path absolute = fs::absolute(asked);
  std::error_code error;
  const fs::path directory = fs::canonical(absolute.parent_path(), error);
  if (error) refuse(asked, "its directory is not there");
  if (!fs::is_directory(directory)) refuse(asked, "it would be in something that is no directory");
  if (!absolute.has_filename()) refuse(asked, "that names a directory");
  return (directory / absolute.filename()).string();
}

// A file can be made beside it, as the program will.
void probe(const std::string& asked, const std::string& path) {
  std::string beside = path + ".XXXXXX";
  const int file = mkostemp(beside.data(), O_CLOEXEC);
  if (file < 0) refuse(asked, error_text(errno));
  const int reason = posix_fallocate(file, 0, 4096);
  close(file);
  unlink(beside.c_str());
  if (reason != 0 && reason != EOPNOTSUPP) refuse(asked, error_text(reason));
}

// Header of a trace; nothing where the file is none.
std::optional<record::TraceHeader> header_of(const std::string& path) {
  record::TraceHeader header{};
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return std::nullopt;
  const bool is_whole = pread(file, &header, sizeof header, 0) == static_cast<ssize_t>(sizeof header);
  close(file);
  if (!is_whole || std::memcmp(header.magic, record::kTraceMagic, sizeof header.magic) != 0 ||
      header.version != record::kTraceVersion)
    return std::nullopt;
  return header;
}

uint64_t written(const record::TraceHeader& header) {
  return std::min(header.claimed, header.event_capacity);
}

void cut_to_size(const std::string& path, const record::TraceHeader& header) {
  const uint64_t size = record::kTraceEventOffset + written(header) * sizeof(record::TraceEvent);
  if (truncate(path.c_str(), static_cast<off_t>(size)) != 0)
    throw Refusal(fmt::format("cannot cut {} to its size: {}", path, error_text(errno)));
}

// The pid in FILE.PID or FILE.PID.new; nothing in other names.
struct OtherName {
  uint32_t pid = 0;
  bool is_unfinished = false;
};
std::optional<OtherName> other_name(const std::string& name, const std::string& base) {
  if (!name.starts_with(base + '.')) return std::nullopt;
  OtherName result;
  const char* end = name.data() + name.size();
  const auto [rest, error] = std::from_chars(name.data() + base.size() + 1, end, result.pid);
  result.is_unfinished = std::string_view(rest, end) == ".new";
  if (error != std::errc() || (rest != end && !result.is_unfinished)) return std::nullopt;
  return result;
}

bool is_alive(uint32_t pid) {
  return kill(static_cast<pid_t>(pid), 0) == 0 || errno != ESRCH;
}

// Files that a process still has mapped, whatever it calls itself in namespaces of its own.
std::set<std::string> mapped_files(const std::string& prefix) {
  std::set<std::string> result;
  std::error_code error;
  for (const fs::directory_entry& process : fs::directory_iterator("/proc", error)) {
    std::ifstream maps(process.path() / "maps");
    for (std::string line; std::getline(maps, line);) {
      const size_t at = line.find(prefix);
      if (at != std::string::npos) result.insert(line.substr(at));
    }
  }
  return result;
}

std::string counted(uint64_t count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

// What of it is not there, and why.
std::string gaps(const record::TraceHeader& header, uint32_t limit_mib) {
  std::string text;
  if (header.claimed > header.event_capacity) {
    const uint64_t most =
        ((uint64_t{limit_mib} << 20) - record::kTraceEventOffset) / sizeof(record::TraceEvent);
    text += fmt::format("; {} after them had no room: {}", header.claimed - header.event_capacity,
                        header.event_capacity >= most
                            ? fmt::format("the limit of {} MiB was reached, see --trace-limit", limit_mib)
                            : "the disk is full, or the process's own limits are low");
  }
  if (header.missed != 0) text += fmt::format("; {} were missed", header.missed);
  if (header.threads_dropped != 0)
    text += fmt::format("; {} have no name", counted(header.threads_dropped, "thread", "threads"));
  return text;
}

}  // namespace

TraceFiles::TraceFiles(const std::string& path, uint32_t limit_mib)
    : limit_mib_(limit_mib), begun_ns_(now_ns()) {
  if (path.empty()) throw Refusal("--record-trace names no file; try --record-trace app.trace");
  if (std::ranges::any_of(path, [](unsigned char c) { return c == ':' || c < ' '; }))
    refuse(path.substr(0, path.find('\n')),
           "the hooks cannot be told a name with a colon or a control character");
  path_ = resolved(path);
  if (path_.size() > kLongestPath || path_.find(':') != std::string::npos)
    refuse(path, "its full path is too long or has a colon in it");
  probe(path, path_);
}

std::string TraceFiles::finish_own() const {
  const auto header = header_of(path_);
  if (!header || header->started_ns < begun_ns_) {
    return fmt::format(
        "trace: nothing to record in {}: the program itself was not watched, or used no lock and no thread "
        "that can be seen",
        path_);
  }
  cut_to_size(path_, *header);
  return fmt::format("trace: {} in {}{}", counted(written(*header), "event", "events"), path_,
                     gaps(*header, limit_mib_));
}

std::string TraceFiles::finish_others() const {
  const fs::path place(path_);
  const std::set<std::string> mapped = mapped_files(path_ + '.');
  uint64_t events = 0, files = 0, running = 0;
  std::string lost;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(place.parent_path(), error)) {
    const auto name = other_name(entry.path().filename().string(), place.filename().string());
    if (!name) continue;
    const std::string path = entry.path().string();
    const bool is_in_use = is_alive(name->pid) || mapped.contains(path);
    if (name->is_unfinished && !is_in_use) unlink(path.c_str());
    const auto header = name->is_unfinished ? std::nullopt : header_of(path);
    if (!header || header->started_ns < begun_ns_) continue;
    ++files;
    events += written(*header);
    running += is_in_use;
    lost += gaps(*header, limit_mib_);
    if (!is_in_use) cut_to_size(path, *header);
  }
  if (files == 0) return "";
  return fmt::format("trace: {} of {} in {}.PID{}{}", counted(events, "event", "events"),
                     counted(files, "other process", "other processes"), path_,
                     running != 0 ? fmt::format(", {} still running", running) : "", lost);
}

std::vector<std::string> TraceFiles::finish() const {
  std::vector<std::string> sentences = {finish_own()};
  if (std::string others = finish_others(); !others.empty()) sentences.push_back(std::move(others));
  return sentences;
}

}  // namespace gordian::cli
