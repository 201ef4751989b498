// What is read off /proc, and how a sleeping thread's wait is told.
#include <gtest/gtest.h>
#include <linux/futex.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <map>

#include "analyzer/capture/process/brief_stop.h"
#include "analyzer/capture/process/c_library.h"
#include "analyzer/capture/process/inspect_error.h"
#include "analyzer/capture/process/live_image.h"
#include "analyzer/capture/process/native_wait.h"
#include "analyzer/capture/process/proc_files.h"

namespace gordian::capture {
namespace {

using model::ResourceKind;

TEST(ProcFiles, NamesHoldAnything) {
  const auto stat = proc::parse_stat("12 (a) b\n(c)) S 7 12 12 0 -1 4194560 1 0 0 0 1 2 0 0 20 0 3 0 4711 0");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->name, "a) b\n(c)");
  EXPECT_EQ(stat->state, 'S');
  EXPECT_EQ(stat->parent, 7u);
  EXPECT_EQ(stat->start_ticks, 4711u);
  for (const char* text : {"", "12", "12 (a", "12 (a)", ")(", "12 (a) S x"})
    EXPECT_FALSE(proc::parse_stat(text)) << text;
}

TEST(ProcFiles, StatusAddsUpTheSwitches) {
  const proc::Status status = proc::parse_status(
      "Name:\tx\nTracerPid:\t9\nUid:\t1\t2\t3\t4\nNSpid:\t100\t7\nVmSize:\t 12 "
      "kB\nSigCgt:\t0000000000000202\n"
      "voluntary_ctxt_switches:\t40\nnonvoluntary_ctxt_switches:\t2\n");
  EXPECT_EQ(status.tracer, 9u);
  EXPECT_EQ(status.own_id, 7u);
  EXPECT_EQ(status.user, 2u);
  EXPECT_EQ(status.handled_signals, 0x202u);
  EXPECT_EQ(status.switches, 42u);
  EXPECT_TRUE(status.has_memory);
  EXPECT_EQ(proc::parse_status("").switches, 0u);
}

TEST(ProcFiles, SystemCallsAndTheLackOfOne) {
  const auto call = proc::parse_syscall("202 0x1 0x2 0x3 0x4 0x5 0x6 0x7ffe 0x7f00");
  ASSERT_TRUE(call);
  EXPECT_EQ(call->number, 202);
  EXPECT_EQ(call->arguments[5], 6u);
  EXPECT_EQ(call->stack_pointer, 0x7ffeu);
  const auto outside = proc::parse_syscall("-1 0x10 0x20");
  ASSERT_TRUE(outside);
  EXPECT_EQ(outside->program_counter, 0x20u);
  EXPECT_FALSE(proc::parse_syscall("running\n"));
  EXPECT_FALSE(proc::parse_syscall(""));
}

TEST(ProcFiles, RegionsKeepTheirFilesAndWhetherTheyAreShared) {
  const auto regions = proc::parse_regions(
      "1000-2000 rw-s 00003000 fe:01 42                         /dev/shm/a b\n2000-3000 rw-p 00000000 00:00 "
      "0 \nnonsense\n");
  ASSERT_EQ(regions.size(), 2u);
  EXPECT_EQ(regions[0].path, "/dev/shm/a b");
  EXPECT_EQ(regions[0].inode, 42u);
  EXPECT_EQ(regions[0].file_offset, 0x3000u);
  EXPECT_TRUE(regions[0].shared);
  EXPECT_FALSE(regions[1].shared);
  EXPECT_TRUE(regions[1].path.empty());
}

TEST(CLibrary, TellsTheVersionByTheBanner) {
  EXPECT_EQ(glibc_minor_in("..GNU C Library (Debian GLIBC 2.36-9) stable release version 2.36.\nCopyright"),
            36u);
  EXPECT_EQ(glibc_minor_in("GNU C Library (GNU libc) stable release version 2.41."), 41u);
  EXPECT_EQ(glibc_minor_in("no such thing, version 2.36"), 0u);
}

class SparseMemory final : public Memory {
 public:
  std::map<uint64_t, uint32_t> words;
  bool read(uint64_t address, void* buffer, size_t size) override {
    for (size_t i = 0; i < size; i += 4) {
      const auto found = words.find(address + i);
      if (found == words.end()) return false;
      std::memcpy(static_cast<char*>(buffer) + i, &found->second, std::min<size_t>(4, size - i));
    }
    return true;
  }
};

struct Sleeper {
  ProcessImage process;
  SparseMemory* memory;
  CLibrary library{true, 36, ""};
  std::vector<WaitFrame> frames;

  Sleeper() {
    auto owned = std::make_unique<SparseMemory>();
    memory = owned.get();
    process.memory = std::move(owned);
    for (const uint32_t tid : {10u, 11u}) {
      ThreadImage& thread = process.threads.emplace_back();
      thread.tid = thread.own_tid = tid;
    }
  }
  void words(uint64_t address, std::initializer_list<uint32_t> values) {
    for (const uint32_t value : values) memory->words[std::exchange(address, address + 4)] = value;
  }
  NativeWait on(uint64_t word, uint32_t value, uint64_t operation = FUTEX_WAIT_PRIVATE,
                uint64_t timeout = 0) {
    const SystemCall call{SYS_futex, {word, operation, value, timeout}, 0x7000, 0x100};
    EXPECT_TRUE(is_futex_wait(call));
    return native_wait(process, call, frames, library);
  }
};

TEST(NativeWait, TheFunctionTellsWhatItIs) {
  Sleeper sleeper;
  sleeper.frames = {{"__futex_abstimed_wait_common", true}, {"pthread_cond_wait@@GLIBC_2.3.2", true}};
  EXPECT_EQ(sleeper.on(0x1028, 0).kind, ResourceKind::kCondition);
  EXPECT_EQ(sleeper.on(0x1028, 0).address, 0x1000u);
  EXPECT_EQ(sleeper.on(0x102c, 0).address, 0x1000u);
  sleeper.library.minor = 41;
  EXPECT_EQ(sleeper.on(0x1020, 0).address, 0x1000u);
  EXPECT_EQ(sleeper.on(0x1024, 0).address, 0x1000u);

  sleeper.frames = {{"", true}, {"pthread_rwlock_rdlock", true}};
  EXPECT_EQ(sleeper.on(0x1008, 3).address, 0x1000u);
  EXPECT_TRUE(sleeper.on(0x1008, 3).shared);
  EXPECT_EQ(sleeper.on(0x1000, 12).address, 0x1000u);
  sleeper.frames = {{"", true}, {"pthread_rwlock_wrlock", true}};
  EXPECT_EQ(sleeper.on(0x100c, 1).address, 0x1000u);
  EXPECT_FALSE(sleeper.on(0x100c, 1).shared);

  sleeper.frames = {{"__new_sem_wait_slow64.constprop.0", true}};
  EXPECT_EQ(sleeper.on(0x1000, 0).kind, ResourceKind::kSemaphore);
  sleeper.frames = {{"pthread_barrier_wait", true}};
  EXPECT_EQ(sleeper.on(0x1004, 0).address, 0x1000u);
  sleeper.frames = {{"pthread_mutex_timedlock", true}};
  EXPECT_TRUE(sleeper.on(0x1000, 2, FUTEX_WAIT_BITSET, 0x7008).timed);
}

TEST(NativeWait, AWokenWaiterWantsItsMutexBack) {
  Sleeper sleeper;
  sleeper.frames = {{"__lll_lock_wait", true}, {"pthread_cond_timedwait", true}};
  sleeper.words(0x2000, {2, 0, 11, 1, 0});
  const NativeWait wait = sleeper.on(0x2000, 2);
  EXPECT_EQ(wait.kind, ResourceKind::kMutex);
  EXPECT_EQ(wait.address, 0x2000u);
  EXPECT_TRUE(wait.reacquiring);
  // The same words with an owner that is no thread of this process are a condition's.
  sleeper.words(0x2000, {2, 0, 99, 1, 0});
  EXPECT_EQ(sleeper.on(0x2000, 2).kind, ResourceKind::kCondition);
}

TEST(NativeWait, JoinsAreToldByTheJoinedThreadsId) {
  Sleeper sleeper;
  sleeper.frames = {{"pthread_join", true}};
  sleeper.words(0x3000, {11});
  EXPECT_EQ(sleeper.on(0x3000, 11, FUTEX_WAIT).kind, ResourceKind::kThread);
  EXPECT_EQ(sleeper.on(0x3000, 11, FUTEX_WAIT).joins, 11u);
  sleeper.words(0x3000, {12});
  EXPECT_EQ(sleeper.on(0x3000, 12, FUTEX_WAIT).kind, ResourceKind::kFutex) << "no thread of this process";
}

TEST(NativeWait, WithoutNamesTheWordsDecideInsideOfTheLibraryAlone) {
  Sleeper sleeper;
  sleeper.words(0x2000, {2, 0, 11, 1, 0});
  sleeper.frames = {{"", true}, {"", true}, {"main", false}};
  EXPECT_EQ(sleeper.on(0x2000, 2).kind, ResourceKind::kMutex);
  EXPECT_FALSE(sleeper.on(0x2000, 2).by_shape);
  sleeper.frames = {{"", false}, {"", false}};
  EXPECT_EQ(sleeper.on(0x2000, 2).kind, ResourceKind::kMutex);
  EXPECT_TRUE(sleeper.on(0x2000, 2).by_shape) << "nothing but its looks speaks for it";
  // Another runtime's lock, reached through the library's syscall().
  sleeper.frames = {{"syscall", true}, {"rust_lock", false}};
  EXPECT_EQ(sleeper.on(0x2000, 2).kind, ResourceKind::kFutex);
}

TEST(NativeWait, OfAnotherLibraryOnlyTheWaitIsTold) {
  Sleeper sleeper;
  sleeper.library.is_glibc = false;
  sleeper.frames = {{"pthread_mutex_lock", false}};
  sleeper.words(0x2000, {2, 0, 11, 1, 0});
  EXPECT_EQ(sleeper.on(0x2000, 2).kind, ResourceKind::kFutex);
}

TEST(NativeWait, AWakeIsNoWait) {
  EXPECT_FALSE(is_futex_wait({SYS_futex, {0x1000, FUTEX_WAKE_PRIVATE, 1}, 0, 0}));
  EXPECT_FALSE(is_futex_wait({SYS_read, {0, 0, 0}, 0, 0}));
}

TEST(LiveImage, RefusesInOneLine) {
  const auto refusal = [](uint32_t pid) -> std::string {
    try {
      look_at(pid);
    } catch (const InspectError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_NE(refusal(0x7ffffffe).find("there is no process"), std::string::npos);
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  siginfo_t ended{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT), 0);
  EXPECT_NE(refusal(static_cast<uint32_t>(child)).find("is a zombie"), std::string::npos)
      << refusal(static_cast<uint32_t>(child));
  ::waitpid(child, nullptr, 0);
}

// A child that sleeps in pause() until it is killed.
class Paused : public testing::Test {
 protected:
  Paused() : child_(::fork()) {
    if (child_ == 0)
      for (;;) ::pause();
    while (look_at(pid()).threads.front().state != 'S') ::sched_yield();
  }
  ~Paused() override {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  uint32_t pid() const { return static_cast<uint32_t>(child_); }
  pid_t child_;
};

TEST_F(Paused, IsSteadyWhenItSleptThroughBothLooks) {
  ProcessImage process = look_at(pid());
  ASSERT_EQ(process.threads.size(), 1u);
  EXPECT_FALSE(process.threads.front().steady);
  look_again(process);
  EXPECT_TRUE(process.threads.front().steady);
  EXPECT_TRUE(process.memory->value<uint64_t>(process.threads.front().call->stack_pointer));
}

TEST_F(Paused, AStopGivesRegistersAndLetsGo) {
  ProcessImage process = look_at(pid());
  BriefStop stop(std::chrono::milliseconds(5000));
  ASSERT_TRUE(stop.read_registers(process, process.threads.front()));
  EXPECT_EQ(process.threads.front().registers->program_counter,
            process.threads.front().call->program_counter);
  EXPECT_EQ(look_at(pid()).tracer, 0u);
  BriefStop none(std::chrono::milliseconds(0));
  EXPECT_FALSE(none.read_registers(process, process.threads.front()));
}

TEST(BriefStop, LeavesCallsAloneThatWouldNotice) {
  EXPECT_TRUE(restarts_unseen({SYS_futex, {}, 0, 0}, 1));
  for (const long call : {SYS_epoll_wait, SYS_epoll_pwait, SYS_semop, SYS_semtimedop, SYS_rt_sigtimedwait,
                          SYS_msgrcv, SYS_io_getevents, SYS_recvfrom, SYS_accept})
    EXPECT_FALSE(restarts_unseen({call, {}, 0, 0}, 1)) << call;
}

}  // namespace
}  // namespace gordian::capture
