#include <poll.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstring>
#include <thread>

#include "tests/unit/unwind/chain.h"
#include "tests/unit/unwind/stacks.h"

namespace {

using namespace stacks;

// A thread that publishes its registers and blocks in the function that captured them, as a hook does.
struct Waiting {
  int gate[2];
  Registers registers;
  std::vector<uint64_t> expected;
  std::atomic<bool> ready{false};

  Waiting() { EXPECT_EQ(pipe(gate), 0); }
  ~Waiting() {
    close(gate[0]);
    close(gate[1]);
  }
  void until_ready() const {
    while (!ready.load(std::memory_order_acquire)) sched_yield();
  }
  void release() { EXPECT_EQ(write(gate[1], "x", 1), 1); }
};

[[gnu::noinline]] void block_in_read(Waiting& waiting) {
  capture(waiting.registers);
  waiting.expected = libgcc_stack();
  waiting.ready.store(true, std::memory_order_release);
  char byte;
  EXPECT_EQ(read(waiting.gate[0], &byte, 1), 1);
}

[[gnu::noinline]] void first_of_two(Waiting& waiting) {
  chain::chain_O2(12, [&] { block_in_read(waiting); });
  asm volatile("");
}

void expect_found(const Waiting& waiting) {
  ForeignStack stack;
  const Walked walked = walk(waiting.registers, ForeignStack::read, &stack);
  std::vector<uint64_t> found = addresses(walked.frames);
  ASSERT_GT(found.size(), 14u);
  EXPECT_TRUE(is_in(found[0], block_in_read));
  EXPECT_TRUE(contains(walked.frames, first_of_two));
  found[0] = waiting.expected[0];
  EXPECT_EQ(found, waiting.expected);
}

TEST(OtherThreads, StackOfABlockedThreadIsWalked) {
  Waiting waiting;
  std::thread thread([&] { first_of_two(waiting); });
  waiting.until_ready();
  for (int i = 0; i < 100; ++i) expect_found(waiting);
  waiting.release();
  thread.join();
}

TEST(OtherThreads, ManyBlockedThreadsAreWalkedWhileOthersRun) {
  Waiting waiting[8];
  std::atomic<bool> done{false};
  std::thread busy([&] {
    while (!done.load()) chain::chain_O0(9, [] {});
  });
  std::vector<std::thread> threads;
  for (Waiting& one : waiting) threads.emplace_back([&one] { first_of_two(one); });
  for (Waiting& one : waiting) {
    one.until_ready();
    expect_found(one);
    one.release();
  }
  for (std::thread& thread : threads) thread.join();
  done = true;
  busy.join();
}

// The registers are stale: the thread runs on, and its stack is whatever it is now. Nothing may be said of
// the result but that it ends.
TEST(OtherThreads, StackThatChangesMeanwhileDoesNoHarm) {
  Waiting waiting;
  std::atomic<bool> done{false};
  std::thread thread([&] {
    first_of_two(waiting);
    while (!done.load()) {
      chain::chain_O2(15, [] {});
      chain::chain_Os(7, [] {});
    }
  });
  waiting.until_ready();
  waiting.release();
  for (int i = 0; i < 20000; ++i) {
    ForeignStack stack;
    Frame frames[64];
    const auto result = gordian::hooks::unwind(waiting.registers, ForeignStack::read, &stack, frames, 64);
    ASSERT_GE(result.count, 1u);
    ASSERT_LE(result.count, 64u);
  }
  done = true;
  thread.join();
}

TEST(OtherThreads, StackThatIsGoneIsRefused) {
  Waiting waiting;
  std::thread thread([&] { block_in_read(waiting); });
  waiting.until_ready();
  Registers registers = waiting.registers;
  waiting.release();
  thread.join();
  void* gone = mmap(nullptr, 65536, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  ASSERT_NE(gone, MAP_FAILED);
  ASSERT_EQ(munmap(gone, 65536), 0);
  // Wherever the frame is found from: the stack pointer or a frame pointer.
  for (uint32_t i = 0; i < Registers::kProgramCounter; ++i)
    registers.value[i] = reinterpret_cast<uint64_t>(gone) + 32768;
  ForeignStack stack;
  const Walked walked = walk(registers, ForeignStack::read, &stack);
  EXPECT_EQ(walked.frames.size(), 1u);
  EXPECT_FALSE(walked.truncated);
}

TEST(OtherThreads, ReaderCrossesPagesAndEndsAtTheFirstThatIsMissing) {
  auto* memory = static_cast<unsigned char*>(
      mmap(nullptr, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ASSERT_NE(memory, MAP_FAILED);
  for (int i = 0; i < 3 * 4096; ++i) memory[i] = static_cast<unsigned char>(i * 7 + i / 256);
  ASSERT_EQ(munmap(memory + 2 * 4096, 4096), 0);
  const uint64_t base = reinterpret_cast<uint64_t>(memory);
  ForeignStack stack;
  unsigned char out[16];
  for (uint64_t offset : {0, 1, 4080, 4088, 4090, 4095, 4096, 8176}) {
    ASSERT_TRUE(ForeignStack::read(&stack, base + offset, out, 16)) << offset;
    EXPECT_EQ(memcmp(out, memory + offset, 16), 0) << offset;
  }
  EXPECT_FALSE(ForeignStack::read(&stack, base + 8177, out, 16));
  EXPECT_FALSE(ForeignStack::read(&stack, base + 8192, out, 1));
  EXPECT_TRUE(ForeignStack::read(&stack, base, out, 16)) << "a refusal is not for ever";
  EXPECT_FALSE(ForeignStack::read(&stack, 0, out, 8));
  EXPECT_FALSE(ForeignStack::read(&stack, ~uint64_t{0}, out, 8));
  EXPECT_FALSE(ForeignStack::read(&stack, uint64_t{1} << 63, out, 8));
  munmap(memory, 2 * 4096);
}

TEST(OtherThreads, ForkedChildReadsItsOwnMemory) {
  static uint64_t word = 1;
  const pid_t child = fork();
  if (child == 0) {
    word = 2;
    ForeignStack stack;
    uint64_t out = 0;
    const bool good = ForeignStack::read(&stack, reinterpret_cast<uint64_t>(&word), &out, 8) && out == 2;
    _exit(good ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

}  // namespace
