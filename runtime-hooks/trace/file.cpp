#include "runtime-hooks/trace/file.h"

#include <elf.h>
#include <sys/resource.h>

#include <cstring>

#include "runtime-hooks/modules.h"
#include "runtime-hooks/options.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/race-runtime/instrumented.h"
#include "runtime-hooks/trace.h"

namespace gordian::hooks {

using record::ModuleRecord;
using record::ThreadOrigin;
using record::TraceEvent;
using record::TraceHeader;

constinit TraceFile trace_file;

namespace {

constexpr uint64_t kChunk = 1u << 20;  // reserved at a time
constexpr uint64_t kRows = 16u << 10;
constexpr uint64_t kLeast = record::kTraceEventOffset + kChunk;
constexpr uint64_t kShareForTrace = 16;  // as for the flight record

void complain(const char* path, long error) {
  Line line;
  line.add("gordian: cannot make the trace ").add(path).add(": ").add(error_text(error));
  line.add("; process ").add(kernel::process_id()).add(" is watched, and not recorded\n");
  line.write_to_stderr();
}

// As large as was asked for, or as the limits of the process leave room for.
uint64_t size_of_file() {
  uint64_t size = runtime.options().trace_limit;
  rlimit limit{};
  if (raw_syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, reinterpret_cast<long>(&limit)) == 0 &&
      limit.rlim_cur < size)
    size = limit.rlim_cur;
  if (raw_syscall(SYS_prlimit64, 0, RLIMIT_AS, 0, reinterpret_cast<long>(&limit)) == 0 &&
      limit.rlim_cur / kShareForTrace < size)
    size = limit.rlim_cur / kShareForTrace;
  return size & ~uint64_t{4095};
}

int create(const char* path) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
  int fd = kernel::open(path, kFlags, 0666);
  if (fd == -17 /* EEXIST: of a process long gone */) {
    kernel::unlink(path);
    fd = kernel::open(path, kFlags, 0666);
  }
  return fd;
}

void write_header(TraceHeader& header) {
  header.version = record::kTraceVersion;
  header.byte_order = record::kByteOrder;
  header.header_size = sizeof(TraceHeader);
  header.module_size = sizeof(ModuleRecord);
  header.thread_size = sizeof(ThreadOrigin);
  header.event_size = sizeof(TraceEvent);
  if constexpr (kRaces) header.flags = record::kTraceHoldsAccesses | record::kTraceAccessesEarly;
  header.machine = runtime.header().machine;
  header.pid = kernel::process_id();
  header.parent_pid = kernel::parent_process_id();
  header.started_ns = now_ns();
  timespec real_time;
  clock_gettime(CLOCK_REALTIME, &real_time);
  header.started_realtime_ns =
      static_cast<uint64_t>(real_time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(real_time.tv_nsec);
  write_program(header.program, header.arguments, header.arguments_size);
  // Last, since it says that the rest is there.
  __atomic_thread_fence(__ATOMIC_RELEASE);
  std::memcpy(header.magic, record::kTraceMagic, sizeof(header.magic));
}

bool overlaps(const ModuleRecord& a, const ModuleRecord& b) {
  return a.start < b.end && b.start < a.end;
}

bool same(const ModuleRecord& a, const ModuleRecord& b) {
  return a.start == b.start && a.end == b.end && std::strncmp(a.path, b.path, sizeof(a.path)) == 0;
}

}  // namespace

ModuleRecord* TraceFile::modules() const {
  return reinterpret_cast<ModuleRecord*>(base() + record::kTraceModuleOffset);
}

ThreadOrigin* TraceFile::rows() const {
  return reinterpret_cast<ThreadOrigin*>(base() + record::kTraceThreadOffset);
}

bool TraceFile::reserve(uint64_t begin, uint64_t end) {
  return !runtime.has_retreated() && kernel::populate(base(), path_, begin, end) == 0;
}

bool TraceFile::open() {
  if (__atomic_load_n(&is_off_, __ATOMIC_RELAXED) || runtime.has_retreated()) return false;
  CriticalSection section;
  if (is_open()) return true;
  if (is_off_) return false;
  if (!make()) {
    __atomic_store_n(&is_off_, true, __ATOMIC_RELAXED);
    return false;
  }
  take_modules();
  return true;
}

// In a CriticalSection.
bool TraceFile::make() {
  const Options& options = runtime.options();
  if (options.trace_path[0] == 0 || !runtime.ready()) return false;
  Line path;
  path.add(options.trace_path);
  if (!is_launched_program()) path.add(".").add(kernel::process_id());
  path.copy_to(path_, sizeof(path_));
  path.clear();
  path.add(options.trace_path).add(".").add(kernel::process_id()).add(".new");

  size_ = size_of_file();
  if (size_ < kLeast) {
    complain(path_, -27 /* EFBIG */);
    return false;
  }
  const int fd = create(path.text());
  if (fd < 0) {
    complain(path_, fd);
    return false;
  }
  long error = kernel::truncate(fd, size_);
  void* mapped = nullptr;
  if (error == 0) {
    mapped = map(fd);
    if (mapped == nullptr) error = -12 /* ENOMEM */;
  }
  kernel::close(fd);
  if (error == 0) error = kernel::populate(mapped, path.text(), 0, record::kTraceModuleOffset);
  if (error == 0) {
    write_header(*static_cast<TraceHeader*>(mapped));
    error = kernel::rename(path.text(), path_);
  }
  if (error != 0) {
    kernel::unlink(path.text());
    if (mapped != nullptr) forget();
    complain(path_, error);
    return false;
  }
  __atomic_store_n(&header_, static_cast<TraceHeader*>(mapped), __ATOMIC_RELEASE);
  return true;
}

// Into the range of the parent's trace where there was one.
void* TraceFile::map(int fd) {
  constexpr int kWipeOnFork = 18;  // Linux 4.14
  if (is_own_ == nullptr) {
    void* page = kernel::map(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    if (page == nullptr) return nullptr;
    if (raw_syscall(SYS_madvise, reinterpret_cast<long>(page), 4096, kWipeOnFork) == 0)
      is_own_ = static_cast<uint32_t*>(page);
    else
      kernel::unmap(page, 4096);
  }
  const bool fits = range_ != nullptr && range_size_ == size_;
  void* mapped = kernel::map(fits ? range_ : nullptr, size_, PROT_READ | PROT_WRITE,
                             MAP_SHARED | MAP_NORESERVE | (fits ? MAP_FIXED : 0), fd);
  if (mapped == nullptr) return nullptr;
  if (is_own_ != nullptr) *is_own_ = 1;
  range_ = mapped;
  range_size_ = size_;
  return mapped;
}

TraceEvent* TraceFile::claim() {
  Header* header = this->header();
  // Relaxed: claims of one place are in the order of whatever puts the threads in order, and before a release
  // or after an acquisition no processor moves it to the other side. Where accesses are told of, those before
  // must have been made.
  const uint64_t slot = __atomic_fetch_add(&header->claimed, 1, kRaces ? __ATOMIC_SEQ_CST : __ATOMIC_RELAXED);
  if (slot >= __atomic_load_n(&header->event_capacity, __ATOMIC_ACQUIRE) && !grow(slot)) [[unlikely]]
    return nullptr;
  return reinterpret_cast<TraceEvent*>(base() + record::kTraceEventOffset) + slot;
}

bool TraceFile::grow(uint64_t slot) {
  if (__atomic_load_n(&is_full_, __ATOMIC_RELAXED) || runtime.has_retreated()) return false;
  CriticalSection section;
  const uint64_t most = (size_ - record::kTraceEventOffset) / sizeof(TraceEvent);
  while (slot >= header()->event_capacity) {
    if (is_full_) return false;
    const uint64_t now = header()->event_capacity;
    const uint64_t next = now + kChunk / sizeof(TraceEvent) < most ? now + kChunk / sizeof(TraceEvent) : most;
    if (next == now || !reserve(record::kTraceEventOffset + now * sizeof(TraceEvent),
                                record::kTraceEventOffset + next * sizeof(TraceEvent))) {
      __atomic_store_n(&is_full_, true, __ATOMIC_RELAXED);
      return false;
    }
    __atomic_store_n(&header()->event_capacity, next, __ATOMIC_RELEASE);
  }
  return true;
}

// In a CriticalSection.
bool TraceFile::reach_row(uint32_t serial) {
  if (serial > record::kMaxThreadOrigins) return false;
  const uint64_t wanted = uint64_t{serial} * sizeof(ThreadOrigin);
  if (wanted <= rows_reserved_) return true;
  const uint64_t end = (wanted + kRows - 1) / kRows * kRows;
  if (!reserve(record::kTraceThreadOffset + rows_reserved_, record::kTraceThreadOffset + end)) return false;
  rows_reserved_ = end;
  return true;
}

void TraceFile::introduce(const ThreadRecord* thread) {
  if (runtime.has_retreated()) return;
  CriticalSection section;
  Header* header = this->header();
  if (!reach_row(thread->serial)) {
    ++header->threads_dropped;
    return;
  }
  ThreadOrigin& row = rows()[thread->serial - 1];
  row.tid = thread->tid;
  row.creator_serial = thread->creator_serial;
  row.flags = thread->flags;
  row.start_routine = thread->start_routine;
  row.created_at = thread->created_at;
  std::memcpy(row.name, thread->name, sizeof(row.name));
  __atomic_store_n(&row.serial, thread->serial, __ATOMIC_RELEASE);
  if (thread->serial > header->last_serial)
    __atomic_store_n(&header->last_serial, thread->serial, __ATOMIC_RELEASE);
}

void TraceFile::rename(uint32_t serial, const char (&name)[16]) {
  if (runtime.has_retreated()) return;
  CriticalSection section;
  if (!is_open() || serial > header()->last_serial) return;
  ThreadOrigin& row = rows()[serial - 1];
  if (row.serial == serial) std::memcpy(row.name, name, sizeof(row.name));
}

bool TraceFile::has_module(uint64_t address) const {
  for (uint32_t i = 0; i < header()->module_count; ++i)
    if (address >= modules()[i].start && address < modules()[i].end) return true;
  return false;
}

// Where the module's row is to go; null where it is there already, or finds no room.
ModuleRecord* TraceFile::place_for(const ModuleRecord& module) {
  Header* header = this->header();
  ModuleRecord* place = nullptr;
  for (uint32_t i = 0; i < header->module_count; ++i) {
    ModuleRecord& row = modules()[i];
    if (same(row, module)) return nullptr;
    if (!overlaps(row, module)) continue;
    // Its addresses are another's now.
    if (place == nullptr)
      place = &row;
    else
      row = {};
  }
  if (place != nullptr) return place;
  const uint64_t end = record::kTraceModuleOffset + (header->module_count + 1) * sizeof(ModuleRecord);
  const bool begins_page = (end - 1) % 4096 < sizeof(ModuleRecord);
  if (header->module_count == record::kMaxModules ||
      (begins_page && !reserve(end - sizeof(ModuleRecord), end))) {
    runtime.count(Unseen::kModules);
    return nullptr;
  }
  return &modules()[header->module_count++];
}

void TraceFile::take_modules() {
  if (!is_open()) return;
  Header* header = this->header();
  __atomic_fetch_add(&header->module_sequence, 1, __ATOMIC_ACQ_REL);
  for (uint32_t i = 0; i < runtime.header().module_count; ++i) {
    ModuleRecord* place = place_for(runtime.modules()[i]);
    if (place == nullptr) continue;
    *place = runtime.modules()[i];
    if constexpr (kRaces) {
      if (!races::is_instrumented(*place)) set_lacks_code();
    }
  }
  __atomic_fetch_add(&header->module_sequence, 1, __ATOMIC_ACQ_REL);
}

void TraceFile::count_missed() {
  if (Header* header = this->header()) __atomic_fetch_add(&header->missed, 1, __ATOMIC_RELAXED);
}

void TraceFile::set_lacks_code() {
  if (Header* header = this->header())
    __atomic_fetch_or(&header->flags, record::kTraceLacksCode, __ATOMIC_RELAXED);
}

void TraceFile::set_ended(bool ended) {
  Header* header = this->header();
  if (header == nullptr) return;
  if (ended)
    __atomic_fetch_or(&header->flags, record::kTraceProcessEnded, __ATOMIC_RELEASE);
  else
    __atomic_fetch_and(&header->flags, ~record::kTraceProcessEnded, __ATOMIC_RELEASE);
}

void TraceFile::abandon() {
  __atomic_store_n(&header_, static_cast<Header*>(nullptr), __ATOMIC_RELEASE);
  is_off_ = true;
  if (is_own_ != nullptr) *is_own_ = 1;
}

void TraceFile::forget() {
  if (range_ != nullptr)
    kernel::map(range_, range_size_, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED, -1);
  __atomic_store_n(&header_, static_cast<Header*>(nullptr), __ATOMIC_RELEASE);
  if (is_own_ != nullptr) *is_own_ = 1;
  is_off_ = false;
  is_full_ = false;
  rows_reserved_ = 0;
}

}  // namespace gordian::hooks
