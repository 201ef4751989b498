#include <signal.h>
#include <sys/syscall.h>
#include <ucontext.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "tests/unit/unwind/stacks.h"

namespace {

using namespace stacks;

std::vector<uint64_t> found;
std::vector<uint64_t> expected;
std::vector<Frame> frames;

// The handler's stack may be another one than the thread's, so that no pair of bounds covers the walk: it is
// read like another thread's.
[[gnu::always_inline]] inline void walk_this_thread() {
  Registers registers;
  capture(registers);
  ForeignStack stack;
  frames = walk(registers, ForeignStack::read, &stack).frames;
}

[[gnu::noinline]] void look_from_handler(int) {
  walk_this_thread();
  found = addresses(frames);
  expected = libgcc_stack();
  if (!found.empty() && !expected.empty()) found[0] = expected[0];
}

[[gnu::noinline]] void raise_below() {
  raise(SIGUSR1);
  asm volatile("");
}

void handle(int flags) {
  struct sigaction action = {};
  action.sa_handler = look_from_handler;
  action.sa_flags = flags;
  ASSERT_EQ(sigaction(SIGUSR1, &action, nullptr), 0);
  frames.clear();
}

void expect_walked_through() {
  EXPECT_EQ(found, expected);
  EXPECT_TRUE(is_in(frames[0].address, look_from_handler));
  EXPECT_TRUE(contains(frames, raise_below, 64));
}

TEST(Signals, FrameOfAHandlerIsWalkedThrough) {
  handle(0);
  raise_below();
  expect_walked_through();
}

TEST(Signals, HandlerOnAStackOfItsOwnIsWalkedThrough) {
  // Once below and once above the thread's stack pointer: the walk goes up and down.
  static unsigned char global[65536];
  unsigned char* heap = new unsigned char[65536];
  unsigned char local_above[65536];
  for (unsigned char* memory : {global, heap, local_above}) {
    memset(memory, 0, 65536);
    const stack_t stack = {memory, 0, 65536};
    stack_t before;
    ASSERT_EQ(sigaltstack(&stack, &before), 0);
    handle(SA_ONSTACK);
    raise_below();
    EXPECT_GE(frames[0].canonical_frame_address, reinterpret_cast<uint64_t>(memory));
    EXPECT_LT(frames[0].canonical_frame_address, reinterpret_cast<uint64_t>(memory) + 65536);
    expect_walked_through();
    ASSERT_EQ(sigaltstack(&before, nullptr), 0);
  }
  delete[] heap;
}

TEST(Signals, HandlerOfASignalThatInterruptsAHandlerIsWalkedThrough) {
  struct sigaction action = {};
  action.sa_handler = [](int) { raise_below(); };
  ASSERT_EQ(sigaction(SIGUSR2, &action, nullptr), 0);
  handle(0);
  raise(SIGUSR2);
  expect_walked_through();
}

#if defined(__x86_64__)

// Holds its return address in a register that nothing preserves, and shares its caller's stack pointer, as
// vfork does.
asm(".text\n"
    ".type trap_without_frame, @function\n"
    "trap_without_frame:\n"
    ".cfi_startproc\n"
    "  pop %rdi\n"
    ".cfi_adjust_cfa_offset -8\n"
    ".cfi_register %rip, %rdi\n"
    "  int3\n"
    "  push %rdi\n"
    ".cfi_adjust_cfa_offset 8\n"
    "  ret\n"
    ".cfi_endproc\n");
extern "C" void trap_without_frame();

// A trampoline as other C libraries have it: known by its bytes alone, and right after a function that has
// frame information.
asm(".text\n"
    ".type neighbour_of_trampoline, @function\n"
    "neighbour_of_trampoline:\n"
    ".cfi_startproc\n"
    "  ret\n"
    ".cfi_endproc\n"
    ".type bare_trampoline, @function\n"
    "bare_trampoline:\n"
    "  mov $15, %rax\n"
    "  syscall\n"
    "  ret\n");
extern "C" void bare_trampoline();

[[gnu::noinline]] void look_without_libgcc(int) {
  walk_this_thread();
}

TEST(Signals, TrampolineWithoutFrameInformationIsKnownByItsCode) {
  struct KernelAction {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)();
    unsigned long mask;
  };
  constexpr unsigned long kHasRestorer = 0x04000000;
  // libgcc takes the neighbour's row for the bare one and may crash, so the walk through the ordinary
  // trampoline is what must come out.
  KernelAction actions[2] = {{look_without_libgcc, kHasRestorer, bare_trampoline, 0}, {}};
  signal(SIGTRAP, look_without_libgcc);
  ASSERT_EQ(syscall(SYS_rt_sigaction, SIGTRAP, nullptr, &actions[1], 8), 0);
  std::vector<Frame> walks[2];
  // The loop has no branches and an end that is not known, so that both walks have one call site.
  static volatile int rounds = 2;
  for (int round = 0; round < rounds; ++round) {
    syscall(SYS_rt_sigaction, SIGTRAP, &actions[round], nullptr, 8);
    trap_without_frame();
    walks[round] = frames;
  }
  signal(SIGTRAP, SIG_DFL);
  ASSERT_GT(walks[0].size(), 4u);
  EXPECT_EQ(walks[0][1].address, reinterpret_cast<uint64_t>(bare_trampoline));
  EXPECT_TRUE(is_in(walks[0][2].address, trap_without_frame, 16));
  ASSERT_EQ(walks[0].size(), walks[1].size());
  for (size_t i = 2; i < walks[0].size(); ++i) {
    EXPECT_EQ(walks[0][i].address, walks[1][i].address) << "frame " << i;
    EXPECT_EQ(walks[0][i].canonical_frame_address, walks[1][i].canonical_frame_address) << "frame " << i;
  }
}

TEST(Signals, InterruptedFunctionThatKeepsItsReturnAddressInARegisterIsWalkedThrough) {
  signal(SIGTRAP, look_from_handler);
  trap_without_frame();
  signal(SIGTRAP, SIG_DFL);
  EXPECT_EQ(found, expected);
  EXPECT_TRUE(contains(frames, trap_without_frame, 16));
}

// Every instruction of a piece of work, by the processor's trap flag: prologues, epilogues, the linkage table
// and the dynamic linker's resolver included. At each of them our walk from the interrupted registers must be
// that of libgcc through the signal frame.
constexpr uint64_t kTrapFlag = 0x100;
constexpr int kOrder[] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
                          REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
int steps;
int differences;
int unknown;
uint64_t first_difference;
Frame step_frames[kCapacity];

bool same_as(void* const* theirs, int count, uint32_t ours_count, uint32_t skipped) {
  bool same = static_cast<int>(ours_count) == count;
  for (uint32_t i = skipped; same && i < ours_count; ++i) {
    same = step_frames[i].address == reinterpret_cast<uint64_t>(theirs[i]);
  }
  return same;
}

void on_step(int, siginfo_t*, void* context) {
  const greg_t* saved = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  Registers registers;
  for (uint32_t i = 0; i < Registers::kCount; ++i)
    registers.value[i] = static_cast<uint64_t>(saved[kOrder[i]]);
  ForeignStack stack;
  void* theirs[kCapacity];
  int count = backtrace(theirs, kCapacity);
  int start = 0;
  while (start < count && theirs[start] != reinterpret_cast<void*>(saved[REG_RIP])) ++start;

  const auto from_interrupted =
      gordian::hooks::unwind(registers, ForeignStack::read, &stack, step_frames, kCapacity);
  bool same = same_as(theirs + start, count - start, from_interrupted.count, 0);
  if (from_interrupted.count == 1) ++unknown;

  // And from here, through the signal frame. A sanitizer's backtrace is a frame more, above this function's.
  capture(registers);
  const auto from_handler =
      gordian::hooks::unwind(registers, ForeignStack::read, &stack, step_frames, kCapacity);
  const int more = count - static_cast<int>(from_handler.count);
  same = same && more >= 0 && more <= 1 && same_as(theirs + more, count - more, from_handler.count, 1);
  ++steps;
  if (!same && differences++ == 0) first_difference = static_cast<uint64_t>(saved[REG_RIP]);
}

// Takes effect when the handler returns, so that the code under test needs no assembly that frame information
// would have to follow.
void toggle_trap_flag(int, siginfo_t*, void* context) {
  static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_EFL] ^= kTrapFlag;
}

TEST(Signals, RegistersStandInTheSignalFrameWhereTheKernelPutsThem) {
  for (uint32_t i = 0; i < Registers::kCount; ++i) {
    const size_t offset =
        offsetof(ucontext_t, uc_mcontext.gregs) + static_cast<size_t>(kOrder[i]) * sizeof(greg_t);
    EXPECT_EQ(gordian::hooks::SignalTrampoline::kOffset[i], offset) << "register " << i;
  }
}

TEST(Signals, EveryInstructionOfAPieceOfWorkIsWalkedLikeLibgccDoes) {
  void* warm[4];
  backtrace(warm, 4);
  struct sigaction action = {};
  action.sa_sigaction = on_step;
  action.sa_flags = SA_SIGINFO;
  ASSERT_EQ(sigaction(SIGTRAP, &action, nullptr), 0);
  action.sa_sigaction = toggle_trap_flag;
  ASSERT_EQ(sigaction(SIGUSR1, &action, nullptr), 0);
  steps = differences = unknown = 0;
  int few[] = {5, 2, 9, 1};
  char text[128];
  raise(SIGUSR1);
  qsort(few, 4, sizeof few[0], [](const void* a, const void* b) {
    return *static_cast<const int*>(a) - *static_cast<const int*>(b);
  });
  snprintf(text, sizeof text, "%d %s %f", few[0], "word", 1.5);
  const double number = strtod("2.5e3", nullptr);
  free(malloc(100));
  const char* user = getenv("HOME");
  raise(SIGUSR1);
  signal(SIGTRAP, SIG_DFL);
  EXPECT_EQ(few[0], 1);
  EXPECT_EQ(number, 2500);
  (void)user;
  EXPECT_GT(steps, 3000);
  EXPECT_EQ(differences, 0) << "of " << steps << ", " << unknown << " without a row, the first at "
                            << std::hex << first_difference;
  RecordProperty("steps", steps);
}

#elif defined(__aarch64__)

TEST(Signals, RegistersStandInTheSignalFrameWhereTheKernelPutsThem) {
  for (uint32_t i = 0; i < Registers::kCount; ++i) {
    EXPECT_EQ(gordian::hooks::SignalTrampoline::kOffset[i],
              sizeof(siginfo_t) + offsetof(ucontext_t, uc_mcontext.regs) + i * sizeof(uint64_t))
        << "register " << i;
  }
}

#endif

}  // namespace
