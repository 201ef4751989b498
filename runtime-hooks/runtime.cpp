#include "runtime-hooks/runtime.h"

#include <elf.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "runtime-hooks/fork.h"
#include "runtime-hooks/interpose/follow.h"
#include "runtime-hooks/judge/judge.h"
#include "runtime-hooks/misuse.h"
#include "runtime-hooks/misuse_report.h"
#include "runtime-hooks/modules.h"
#include "runtime-hooks/options.h"
#include "runtime-hooks/order.h"
#include "runtime-hooks/print.h"
#include "runtime-hooks/race-sampler/sampler.h"
#include "runtime-hooks/real.h"
#include "runtime-hooks/resources.h"
#include "runtime-hooks/trace.h"
#include "runtime-hooks/verbs.h"

extern "C" void* __libc_stack_end;  // exported by the dynamic linker: the top of the main thread's stack

namespace gordian::hooks {

using record::ThreadState;

constinit Runtime runtime;
constinit thread_local ThreadLocal local
    __attribute__((tls_model("initial-exec"))) = {nullptr, nullptr, false, false, false};

namespace {

constinit uint32_t section_lock = 0;
pthread_key_t end_key;
bool have_end_key = false;

constexpr uint64_t kThreadStep = 16 * sizeof(ThreadRecord);
constexpr uint64_t kShareOfAddressSpace =
    16;  // what a limit is to be larger than the record, or it is left to the program
constexpr uint64_t kMainStack =
    8u << 20;  // the kernel keeps at least this much below the main stack free of other mappings

// pthread_key destructors run in up to four rounds; we want the last one, after everybody else's have had
// their turn with locks.
constexpr uintptr_t kLastRound = 4;

void on_thread_end(void* round) {
  const auto n = reinterpret_cast<uintptr_t>(round);
  if (n < kLastRound && pthread_setspecific(end_key, reinterpret_cast<void*>(n + 1)) == 0) return;
  if (local.record != nullptr) runtime.thread_ends(local.record);
}

const char* advice_for(long error) {
  switch (-error) {
    case 12:
      return "Raise the limit on memory (ulimit -v)";
    case 27:
      return "Raise the limit on files (ulimit -f)";
    case 28:
    case 122:
      return "Free some space there";
    default:
      return "Look at that directory and its permissions";
  }
}

}  // namespace

uint64_t now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(t.tv_nsec);
}

// Four milliseconds coarse, five times cheaper: good enough for "since when".
uint64_t coarse_now_ns() {
  timespec t;
  clock_gettime(CLOCK_MONOTONIC_COARSE, &t);
  return static_cast<uint64_t>(t.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(t.tv_nsec);
}

// 0 free, 1 taken, 2 taken and waited for. A waiter sleeps: one of real-time priority that yielded could keep
// the holder off its processor for ever.
CriticalSection::CriticalSection() : signals_(kernel::block_signals()) {
  for (int spins = 0; spins < 64; ++spins) {
    uint32_t free = 0;
    if (__atomic_compare_exchange_n(&section_lock, &free, 1, false, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
      return;
    cpu_relax();
  }
  while (__atomic_exchange_n(&section_lock, 2, __ATOMIC_ACQUIRE) != 0)
    kernel::futex_wait(&section_lock, 2, nullptr);
}

CriticalSection::~CriticalSection() {
  if (__atomic_exchange_n(&section_lock, 0, __ATOMIC_RELEASE) == 2) kernel::futex_wake(&section_lock, 1);
  kernel::restore_signals(signals_);
}

void Runtime::initialise() {
  if (initialised_) return;
  initialised_ = true;
  pid_ = kernel::process_id();
  resolve_all();
  read_options(options_);
  announce_process();  // now: a program that takes no lock never makes a record
  remember_stderr();
  remember_preload();
  have_end_key = pthread_key_create(&end_key, on_thread_end) == 0;
  pthread_atfork(fork_begins, fork_over_in_parent, fork_over_in_child);
  if constexpr (kSampling) races_initialise();
}

void Runtime::complain(const char* what, const char* path, long error) {
  announce_unwatched();
  if (complained_) return;
  complained_ = true;
  Line line;
  line.add("gordian: ").add(what).add(" ").add(path).add(": ").add(error_text(error));
  line.add("; process ").add(kernel::process_id()).add(" is not watched. ").add(advice_for(error));
  if (!options_.launched) line.add(", or set GORDIAN_OPTIONS=dir=DIRECTORY");
  line.add("\n");
  line.write_to_stderr();
}

bool Runtime::reserve(uint64_t begin, uint64_t end) {
  if (disabled_) return false;
  if (kernel::populate(base_, path_, begin, end) == 0) return true;
  count(Unseen::kRecordGrowth);
  return false;
}

// Makes `path_` and maps it, with the fixed parts reserved. On failure nothing is left behind and the reason
// was told.
bool Runtime::map_new_file(bool replace_mapping) {
  Line path;
  // A program that gives its rights up may not write where it could before: the directory that nobody asked
  // for is that of the user of now.
  if (options_.own_directory) set_own_directory(options_);
  path.add(options_.directory).add("/").add(kernel::process_id()).add(".flight");
  path.copy_to(path_, sizeof(path_));

  rlimit limit{};
  if (raw_syscall(SYS_prlimit64, 0, RLIMIT_FSIZE, 0, reinterpret_cast<long>(&limit)) == 0 &&
      limit.rlim_cur < record::kEndOffset) {
    complain("the file size limit (ulimit -f) is too small for the flight record", path_, -27 /* EFBIG */);
    return false;
  }
  if (raw_syscall(SYS_prlimit64, 0, RLIMIT_AS, 0, reinterpret_cast<long>(&limit)) == 0 &&
      limit.rlim_cur / kShareOfAddressSpace < record::kEndOffset) {
    complain("the address space limit (ulimit -v) leaves no room for the flight record", path_,
             -12 /* ENOMEM */);
    return false;
  }
  if (!options_.launched) kernel::make_directory(options_.directory, 0700);
  int fd = kernel::open(path_, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  if (fd == -17 /* EEXIST: this pid before an exec, or a process long gone */) {
    kernel::unlink(path_);
    fd = kernel::open(path_, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0600);
  }
  if (fd < 0) {
    complain("cannot create the flight record", path_, fd);
    return false;
  }
  long error = kernel::truncate(fd, record::kEndOffset);
  if (error == 0) error = kernel::reserve(fd, 0, record::kModuleOffset + 64 * sizeof(record::ModuleRecord));
  if (error == 0) error = kernel::reserve(fd, record::kBucketOffset, sizeof(uint32_t) * record::kBuckets);
  void* mapped = nullptr;
  if (error == 0) {
    void* at = replace_mapping ? base_ : nullptr;
    mapped = kernel::map(at, record::kEndOffset, PROT_READ | PROT_WRITE,
                         MAP_SHARED | MAP_NORESERVE | (replace_mapping ? MAP_FIXED : 0), fd);
    if (mapped == nullptr) error = -12 /* ENOMEM */;
  }
  kernel::close(fd);
  if (error != 0) {
    kernel::unlink(path_);
    complain("cannot reserve the flight record", path_, error);
    return false;
  }
  base_ = static_cast<unsigned char*>(mapped);
  return true;
}

void write_header(record::Header& header) {
  header.version = record::kVersion;
  header.byte_order = record::kByteOrder;
  header.file_size = record::kEndOffset;
  header.header_size = sizeof(record::Header);
  header.thread_size = sizeof(ThreadRecord);
  header.resource_size = sizeof(record::ResourceRecord);
  header.finding_size = sizeof(record::FindingRecord);
  header.race_size = sizeof(record::RaceRecord);
  header.pid = kernel::process_id();
  header.parent_pid = kernel::parent_process_id();
  header.attached_ns = now_ns();
  timespec real_time;
  clock_gettime(CLOCK_REALTIME, &real_time);
  header.attached_realtime_ns =
      static_cast<uint64_t>(real_time.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(real_time.tv_nsec);
#if defined(__x86_64__)
  header.machine = EM_X86_64;
#else
  header.machine = EM_AARCH64;
#endif
  // Last, since it says that the rest is there; a killed process can have come this far and no further.
  __atomic_thread_fence(__ATOMIC_RELEASE);
  __builtin_memcpy(header.magic, record::kMagic, sizeof(header.magic));
}

bool Runtime::create_record() {
  if (private_ == nullptr) {
    const size_t size = record::kMaxThreads *
                        (sizeof(PrivateThread) + sizeof(uint64_t) + sizeof(uint32_t) + sizeof(uint16_t));
    void* memory =
        kernel::map(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
    if (memory == nullptr) {
      complain("cannot have memory beside", "the flight record", -12 /* ENOMEM */);
      return false;
    }
    private_ = static_cast<PrivateThread*>(memory);
    handles_ = reinterpret_cast<uint64_t*>(private_ + record::kMaxThreads);
    tids_ = reinterpret_cast<uint32_t*>(handles_ + record::kMaxThreads);
    free_list_ = reinterpret_cast<uint16_t*>(tids_ + record::kMaxThreads);
  }
  if (!map_new_file(false)) return false;
  reserved_threads_ = 0;
  free_slots_ = 0;
  write_header(header());
  write_program(header().program, header().arguments, header().arguments_size);
  refresh_modules();
  return true;
}

ThreadRecord* Runtime::claim_slot(ThreadState state) {
  if (disabled_) return nullptr;
  CriticalSection section;
  uint32_t slot;
  if (free_slots_ > 0) {
    slot = free_list_[--free_slots_];
  } else {
    slot = header().thread_count;
    if (slot >= record::kMaxThreads) {
      count(Unseen::kThreads);
      return nullptr;
    }
    const uint64_t end = (uint64_t{slot} + 1) * sizeof(ThreadRecord);
    if (end > reserved_threads_) {
      const uint64_t step = reserved_threads_ == 0 ? kThreadStep / 4 : kThreadStep;
      if (!reserve(record::kThreadOffset + reserved_threads_,
                   record::kThreadOffset + reserved_threads_ + step)) {
        count(Unseen::kThreads);
        return nullptr;
      }
      reserved_threads_ += step;
    }
    __atomic_store_n(&header().thread_count, slot + 1, __ATOMIC_RELEASE);
  }
  ThreadRecord& record = thread(slot);
  __builtin_memset(&record, 0, offsetof(ThreadRecord, frames));
  __builtin_memset(record.holds, 0, sizeof(record.holds));
  __builtin_memset(&private_[slot], 0, offsetof(PrivateThread, misses));
  index_handle(slot, 0);
  index_tid(slot, 0);
  record.serial = ++header().last_serial;
  private_[slot].order_seed = order_seed(record.serial, 0);
  __atomic_store_n(&record.state, static_cast<uint32_t>(state), __ATOMIC_RELEASE);
  live_threads.fetch_add(1, std::memory_order_relaxed);
  return &record;
}

void Runtime::release_slot(ThreadRecord* record) {
  CriticalSection section;
  __atomic_store_n(&record->state, static_cast<uint32_t>(ThreadState::kFree), __ATOMIC_RELEASE);
  free_list_[free_slots_++] = static_cast<uint16_t>(slot_of(record));
}

void Runtime::abandon_slot(ThreadRecord* record) {
  release_slot(record);
  live_threads.fetch_sub(1, std::memory_order_relaxed);
}

void Runtime::fill_identity(ThreadRecord* record) {
  record->tid = kernel::thread_id();
  record->pthread_handle = static_cast<uint64_t>(pthread_self());
  index_handle(slot_of(record), record->pthread_handle);
  index_tid(slot_of(record), record->tid);
  raw_syscall(SYS_prctl, PR_GET_NAME, reinterpret_cast<long>(record->name));
  if (record->tid == header().pid) {
    record->flags |= record::kThreadIsMain;
    record->stack_high = reinterpret_cast<uint64_t>(__libc_stack_end);
    record->stack_low = record->stack_high - kMainStack;
  }
  local.own = &private_of(slot_of(record));  // first: a handler that finds the record finds this, too
  local.record = record;
  if (have_end_key) pthread_setspecific(end_key, reinterpret_cast<void*>(uintptr_t{1}));
}

namespace {

// A thread's events lie between its first and its last: no handler runs while it is one without having said
// so.
class TracedEdge {
 public:
  TracedEdge() {
    if constexpr (kFollowing) signals_ = kernel::block_signals();
  }
  ~TracedEdge() {
    if constexpr (kFollowing) kernel::restore_signals(signals_);
  }
  TracedEdge(const TracedEdge&) = delete;

 private:
  [[maybe_unused]] uint64_t signals_ = 0;
};

}  // namespace

ThreadRecord* Runtime::attach() {
  if constexpr (kFollowing) {
    if (!local.attaching && (local.finished || disabled_)) trace_missed();
  }
  if (local.attaching || local.finished || disabled_) return nullptr;
  const TracedEdge edge;
  local.attaching = true;
  initialise();
  bool usable;
  {
    CriticalSection section;
    usable = !disabled_ && (base_ != nullptr || create_record());
    if (!usable) disabled_ = true;
  }
  ThreadRecord* record = usable ? claim_slot(ThreadState::kLive) : nullptr;
  if (record != nullptr) {
    fill_identity(record);
    if (record->tid != header().pid) {
      record->flags |= record::kThreadIsUnknown;
      count(Unseen::kForeignThreads);
    }
  }
  if (record == nullptr) local.finished = true;  // counted once, and not tried again at every lock
  local.attaching = false;
  if constexpr (kFollowing) trace_begin();
  return record;
}

void Runtime::adopt(ThreadRecord* record) {
  if (disabled_) {
    // A filter of system calls came before its first step: it goes unwatched, like those that begin later.
    local.finished = true;
    return;
  }
  const TracedEdge edge;
  // A signal handler may have come first, and had a record made for a thread that nobody knew.
  ThreadRecord* early = local.record;
  if constexpr (kFollowing) {
    if (early != nullptr) trace_end(early);
  }
  fill_identity(record);
  if (early != nullptr) abandon_slot(early);
  __atomic_store_n(&record->state, static_cast<uint32_t>(ThreadState::kLive), __ATOMIC_RELEASE);
  if constexpr (kFollowing) trace_begin();
}

void Runtime::thread_ends(ThreadRecord* record) {
  const TracedEdge edge;
  if constexpr (kFollowing) trace_end(record);
  local.record = nullptr;
  local.finished = true;
  if (private_of(slot_of(record)).noted_segment != 0) note_origin(record);  // its name may be another by now
  order_thread_end(record);
  // The next thread's stack may be this one's: a lock in a frame ends with it.
  if (record->tid != header().pid) resources.forget_stack(record->stack_low, record->stack_high);
  drop_entries_without_owner(record);
  check_thread_end(record);
  if (record::progress_depth(record->progress) == 0) {
    release_slot(record);
  } else {
    // Kept for whoever comes to wait for what this thread never gave back.
    __atomic_store_n(&record->state, static_cast<uint32_t>(ThreadState::kEnded), __ATOMIC_RELEASE);
  }
  if (live_threads.fetch_sub(1, std::memory_order_acq_rel) == 1) {
    // glibc ends a process with its last thread; ours must not be the one that keeps it.
    judge_stop_and_join();
    if constexpr (kSampling) races_give_way(false);
  } else {
    poke_judge();
  }
}

void Runtime::before_other_user() {
  // A vfork child runs in its parent's memory.
  if (!ready() && kernel::process_id() == pid_) attach();
}

void Runtime::process_ends() {
  if (!ready() || disabled_ || header().pid != kernel::process_id())
    return;  // a vfork child runs in its parent's memory
  header().flags |= record::kProcessEnded;
  if (local.record != nullptr) drop_attempts(local.record);
  if constexpr (kSampling) races_process_ends();
  if constexpr (kFollowing) trace_process_ends();
  if (!options_.launched && header().finding_count == 0 && header().race_count == 0 && !tells_of_orders())
    kernel::unlink(path_);
}

// A launcher would do it. Not on a small stack, such as a signal handler's: a judgement takes some.
bool Runtime::tells_of_orders() {
  constexpr uint64_t kStack = 128u << 10;
  if (has_retreated() || header().order_count == 0) return false;
  const auto here = reinterpret_cast<uint64_t>(__builtin_frame_address(0));
  const ThreadRecord* self = local.record;
  if (self == nullptr || here >= self->stack_high || here < self->stack_low + kStack) return false;
  return judge_orders();
}

void Runtime::retreat() {
  if (disabled_) return;
  judge_give_way(true);
  if constexpr (kSampling) races_give_way(true);
  process_ends();
  if (ready()) header().flags &= ~record::kProcessEnded;
  if constexpr (kFollowing) trace_retreats();
  disabled_ = true;
  local.record = nullptr;
  local.finished = true;
}

void Runtime::after_fork_in_child() {
  pid_ = kernel::process_id();
  if (!ready()) return;
  if constexpr (kSampling) races_after_fork();
  if constexpr (kFollowing) trace_after_fork();
  if (disabled_) {
    base_ = nullptr;
    local.record = nullptr;
    return;
  }
  section_lock = 0;
  judge_after_fork();
  ThreadRecord* self = local.record;
  if (self == nullptr) local.finished = false;  // here there may be room for it
  const bool alone = live_threads.load(std::memory_order_relaxed) <= 1;
  // What it has by now is in its record, which is the parent's; what it had is in the copy. There is none
  // where there was nothing to copy.
  const ThreadsAtFork threads = threads_at_fork();
  const bool idle = self == nullptr || threads.records == nullptr ||
                    record::progress_depth(threads.records[slot_of(self)].progress) == 0;
  live_threads.store(0, std::memory_order_relaxed);

  unsigned char* inherited = base_;
  if (alone && idle) {
    // Nothing to inherit. A record is made when there is something to put into it: most such children exec at
    // once.
    kernel::unmap(inherited, record::kEndOffset);
    base_ = nullptr;
    local.record = nullptr;
    resources.reset_after_fork(0);
    orders_after_fork();
    misuse_after_fork();
    return;
  }

  // The inherited mapping is the parent's record. Make our own, copy what the parent had, and put it in the
  // same place.
  if (!map_new_file(false)) {
    kernel::unmap(inherited, record::kEndOffset);
    base_ = nullptr;
    local.record = nullptr;
    disabled_ = true;
    return;
  }
  auto* from = inherited;
  const auto& parent = *reinterpret_cast<record::Header*>(from);
  const uint64_t thread_bytes = reserved_threads_;
  const uint64_t overflow_bytes =
      uint64_t{parent.overflow_count} * sizeof(Hold) * record::kOverflowBlockHolds;
  const uint64_t module_bytes = uint64_t{parent.module_count} * sizeof(record::ModuleRecord);
  bool room = true;
  auto copy = [&](uint64_t offset, uint64_t size) {
    if (size == 0) return;
    room = room && reserve(offset, offset + size);
    if (room) __builtin_memcpy(base_ + offset, from + offset, size);
  };
  // Without the magic: until the parent's state has been made the child's own, it is no record yet.
  copy(record::kHeaderOffset + sizeof(record::kMagic), sizeof(record::Header) - sizeof(record::kMagic));
  copy(record::kModuleOffset, module_bytes);
  copy(record::kBucketOffset, sizeof(uint32_t) * record::kBuckets);
  // Counted after the chains were copied: the parent goes on, and no chain may lead past what is copied.
  const uint32_t resource_count = __atomic_load_n(&parent.resource_count, __ATOMIC_ACQUIRE);
  const uint64_t resource_bytes =
      record::align_page(uint64_t{resource_count} * sizeof(record::ResourceRecord));
  copy(record::kThreadOffset, thread_bytes);
  if (room && threads.records != nullptr)
    __builtin_memcpy(base_ + record::kThreadOffset, threads.records, threads.count * sizeof(ThreadRecord));
  copy(record::kResourceOffset, resource_bytes);
  copy(record::kOverflowOffset, overflow_bytes);
  if (!room) {
    complain("cannot reserve the flight record", path_, -28 /* ENOSPC */);
    kernel::unlink(path_);
    kernel::unmap(base_, record::kEndOffset);
    kernel::unmap(inherited, record::kEndOffset);
    base_ = nullptr;
    local.record = nullptr;
    disabled_ = true;
    return;
  }
  raw_syscall(SYS_mremap, reinterpret_cast<long>(base_), record::kEndOffset, record::kEndOffset,
              3 /* MAYMOVE | FIXED */, reinterpret_cast<long>(inherited));
  base_ = inherited;
  header().flags = record::kProcessForked;
  header().finding_count = 0;
  header().race_count = 0;
  header().resource_count = resource_count;
  if (threads.records != nullptr) header().thread_count = threads.count;
  header().judge_tid = 0;
  for (uint64_t& n : header().unseen) n = 0;
  resources.reset_after_fork(resource_bytes);
  header().race_count = 0;
  header().order_count = header().witness_count = header().link_count = header().evidence_bytes = 0;
  orders_after_fork();
  misuse_after_fork();

  free_slots_ = 0;
  for (uint32_t slot = 0; slot < header().thread_count; ++slot) {
    ThreadRecord& other = thread(slot);
    if (&other == self) continue;
    const bool had_something = other.state != 0 && record::progress_depth(other.progress) > 0;
    if (other.state != 0) other.state = static_cast<uint32_t>(ThreadState::kLeftBehindByFork);
    // One that seemed to hold nothing may have taken a lock between the copy and the fork: known until its
    // slot is needed.
    if (!had_something) free_list_[free_slots_++] = static_cast<uint16_t>(slot);
  }
  if (self != nullptr) {
    self->tid_before_fork = self->tid;
    self->tid = kernel::thread_id();
    self->flags |= record::kThreadIsMain;
    drop_shared_entries(self);
    live_threads.store(1, std::memory_order_relaxed);
  }
  write_header(header());
  if constexpr (kFollowing) trace_inherits();
  announce_process();
}

ThreadRecord* Runtime::find_by_handle(uint64_t pthread_handle) const {
  if (!ready()) return nullptr;
  for (uint32_t slot = 0; slot < thread_slots(); ++slot) {
    if (__atomic_load_n(&handles_[slot], __ATOMIC_ACQUIRE) != pthread_handle) continue;
    ThreadRecord& record = thread(slot);
    const auto state = static_cast<ThreadState>(__atomic_load_n(&record.state, __ATOMIC_ACQUIRE));
    if (record.pthread_handle == pthread_handle &&
        (state == ThreadState::kLive || state == ThreadState::kStarting))
      return &record;
  }
  return nullptr;
}

ThreadRecord* Runtime::find_by_tid(uint32_t tid) const {
  if (!ready()) return nullptr;
  // After a fork the primitives still carry the numbers of before.
  const bool forked = is_forked();
  for (uint32_t slot = 0; slot < thread_slots(); ++slot) {
    if (!forked && __atomic_load_n(&tids_[slot], __ATOMIC_ACQUIRE) != tid) continue;
    ThreadRecord& record = thread(slot);
    if ((record.tid == tid || (record.tid_before_fork != 0 && record.tid_before_fork == tid)) &&
        record.state != 0)
      return &record;
  }
  return nullptr;
}

namespace {

[[gnu::constructor]] void on_load() {
  runtime.initialise();
}
[[gnu::destructor]] void on_unload() {
  runtime.process_ends();
}

}  // namespace

}  // namespace gordian::hooks
