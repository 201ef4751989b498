// Who has what open: the file descriptors of all processes, as /proc tells.
//
// Promises: asks at the first question and remembers; whoever holds an answer against a thread has to see
// that the thread has slept from before until after. What may have been missed is told: `unreadable` for
// processes that may not be looked into or cannot be seen from here, `in_flight` for descriptors that are in
// no process's table at the moment. Threads that have a table of their own (unshare(2) CLONE_FILES) are
// looked at, and so is a process whose first thread has ended. Source: proc(5), kcmp(2), unix(7) SCM_RIGHTS,
// io_uring_register(2).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace gordian::capture {

struct OpenFile {
  uint32_t pid = 0;
  uint32_t tid = 0;  // a thread of it, whose table this is in
  uint32_t descriptor = 0;
  std::string target;  // `pipe:[123]`, `socket:[456]`, a path
  uint64_t device = 0;
  uint64_t inode = 0;
  uint32_t mode = 0;      // st_mode
  bool has_name = false;  // in a directory: anybody may come and open it
};

enum class Access : uint8_t { kRead, kWrite, kBoth };

// What the thread has behind a descriptor; nothing when it has none there.
std::optional<OpenFile> open_file(uint32_t pid, uint32_t tid, uint64_t descriptor);
Access access_of(const OpenFile& file);

// The `lock:` lines of its fdinfo.
std::vector<std::string> locks_through(const OpenFile& file);

struct Holders {
  std::vector<OpenFile> files;
  bool unreadable = false;
  bool in_flight = false;
};

class OpenFiles {
 public:
  // Every descriptor of every process with that target.
  Holders who_has(const std::string& target);

 private:
  struct Place {
    uint32_t pid;
    uint32_t tid;
    uint32_t descriptor;
  };
  void look();
  void look_into(uint32_t pid);
  bool look_into_table(uint32_t pid, uint32_t tid);

  bool looked_ = false;
  bool unreadable_ = false;
  bool in_flight_ = false;
  std::multimap<std::string, Place> places_;
};

}  // namespace gordian::capture
