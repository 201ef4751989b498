// The trace's file: made with the first event, mapped whole and sparse, reserved chunk by chunk.
//
// Promises
//   * The launched program writes to the path that was asked for, every other process of the run to PATH.PID.
//     A file appears under its name when its header is complete, and takes the place of what was there.
//   * What has no room, because the limit or the file system's end is reached, is not written and still
//     claimed, once for all: from the first such event on there are none.
//   * `claim` takes no lock but where the file is made or grows. Async-signal-safe.
//   * After a fork the child has no trace until it opens its own. One that was made past all hooks, by a
//     system call of the program's own, is not recorded, and does not write into its parent's file.
// Errors: a file that cannot be made is told on standard error, once for each process; the program goes on.
#pragma once

#include "analyzer/record/trace_format.h"
#include "runtime-hooks/runtime.h"

namespace gordian::hooks {

class TraceFile {
 public:
  bool is_open() const { return header() != nullptr; }

  // In a child that was made past all hooks; `abandon` is what it does then.
  bool is_inherited() const { return is_own_ != nullptr && *is_own_ == 0; }
  void abandon();

  // False where no trace is wanted, or none can be had.
  bool open();

  // The next slot, of an open file; null where it has no room.
  record::TraceEvent* claim();

  // Who the thread is. Its row is there for good; `rename` changes the name in it.
  void introduce(const ThreadRecord* thread);
  void rename(uint32_t serial, const char (&name)[16]);

  // Whether a module of the table covers it. In a CriticalSection, as `take_modules`.
  bool has_module(uint64_t address) const;
  // Adds what the flight record's table has and ours has not. Modules that were unloaded stay, until others
  // take their addresses: their events are still there.
  void take_modules();

  void count_missed();
  void set_lacks_code();
  void set_ended(bool ended);

  // In a forked child, whose mapping is its parent's. The range stays mapped, to memory of its own: the fork
  // may have been made by a handler that interrupted a writer.
  void forget();

 private:
  using Header = record::TraceHeader;
  Header* header() const { return __atomic_load_n(&header_, __ATOMIC_ACQUIRE); }
  unsigned char* base() const { return reinterpret_cast<unsigned char*>(header()); }
  record::ModuleRecord* modules() const;
  record::ThreadOrigin* rows() const;
  bool make();
  void* map(int fd);
  bool grow(uint64_t slot);
  bool reserve(uint64_t begin, uint64_t end);
  record::ModuleRecord* place_for(const record::ModuleRecord& module);
  bool reach_row(uint32_t serial);

  Header* header_ = nullptr;
  void* range_ = nullptr;  // of the mapping, now or before a fork
  uint64_t range_size_ = 0;
  uint32_t* is_own_ = nullptr;  // a page that reads as zeros after every fork
  bool is_off_ = false;
  bool is_full_ = false;
  uint64_t size_ = 0;           // of the file and its mapping
  uint64_t rows_reserved_ = 0;  // bytes
  char path_[sizeof(Options::trace_path) + 16] = {};
};

[[gnu::visibility("hidden")]] extern constinit TraceFile trace_file;

}  // namespace gordian::hooks
