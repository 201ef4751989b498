#include <link.h>
#include <sys/mman.h>

#include <cstdlib>

#include "tests/unit/unwind/chain.h"
#include "tests/unit/unwind/stacks.h"

namespace {

using namespace stacks;

struct Layout {
  const char* name;
  chain::Chain run;
};

class FrameLayout : public testing::TestWithParam<Layout> {};

TEST_P(FrameLayout, IsWalkedLikeLibgccDoesAtEveryDepth) {
  for (int depth : {0, 1, 2, 3, 4, 5, 9, 17, 64}) {
    SCOPED_TRACE(depth);
    GetParam().run(depth, [] { expect_same_as_libgcc(); });
  }
}

INSTANTIATE_TEST_SUITE_P(Unwind, FrameLayout,
                         testing::Values(Layout{"O0", chain::chain_O0}, Layout{"O2", chain::chain_O2},
                                         Layout{"Os", chain::chain_Os},
                                         Layout{"FramePointer", chain::chain_frame_pointer},
                                         Layout{"NoFramePointer", chain::chain_no_frame_pointer},
                                         Layout{"StackProtector", chain::chain_protected}),
                         [](const auto& parameter) { return parameter.param.name; });

[[gnu::noinline]] void walk_here(std::vector<Frame>& frames) {
  Registers registers;
  capture(registers);
  OwnStack stack = own_stack();
  frames = walk(registers, OwnStack::read, &stack).frames;
}

TEST(OwnStack, WalkEndsAtCodeWithoutFrameInformation) {
  std::vector<Frame> with;
  std::vector<Frame> without;
  chain::chain_O2(8, [&] { walk_here(with); });
  chain::chain_silent(8, [&] { walk_here(without); });
  ASSERT_GE(without.size(), 2u);
  EXPECT_LT(without.size(), with.size());
  EXPECT_EQ(without.back().canonical_frame_address, 0u)
      << "nothing is known of the last frame but its address";
}

int compare_and_look(const void* a, const void* b) {
  expect_same_as_libgcc();
  return *static_cast<const int*>(a) - *static_cast<const int*>(b);
}

TEST(OwnStack, CallbackOfTheCLibraryIsWalkedThrough) {
  int few[] = {3, 1, 2};
  qsort(few, 3, sizeof few[0], compare_and_look);
  const int key = 2;
  EXPECT_NE(bsearch(&key, few, 3, sizeof few[0], compare_and_look), nullptr);
}

TEST(OwnStack, ThreadIsWalkedToItsStart) {
  pthread_t thread;
  ASSERT_EQ(pthread_create(
                &thread, nullptr,
                [](void*) -> void* {
                  expect_same_as_libgcc();
                  return nullptr;
                },
                nullptr),
            0);
  pthread_join(thread, nullptr);
}

struct Unwinding {};

// Ends in a call that does not come back, so that its return address is in whatever function follows.
[[noreturn, gnu::noinline]] void look_and_throw() {
  expect_same_as_libgcc();
  throw Unwinding{};
}

[[gnu::noinline]] void call_without_return(int how) {
  if (how == 1) look_and_throw();
  if (how == 2) std::abort();
  look_and_throw();
}

TEST(OwnStack, CallThatDoesNotReturnIsWalkedThrough) {
  EXPECT_THROW(call_without_return(1), Unwinding);
}

TEST(OwnStack, CanonicalFrameAddressIsTheStackPointerAtTheCall) {
  static uint64_t expected;
  static std::vector<Frame> frames;
  struct Local {
    [[gnu::noinline]] static void callee() {
      expected = reinterpret_cast<uint64_t>(__builtin_dwarf_cfa());
      walk_here(frames);
      asm volatile("");  // or the call becomes a jump
    }
  };
  Local::callee();
  ASSERT_GT(frames.size(), 1u);
  EXPECT_EQ(frames[1].canonical_frame_address, expected);
}

TEST(OwnStack, CapacityThatIsReachedIsTold) {
  chain::chain_O2(20, [] {
    Registers registers;
    capture(registers);
    OwnStack stack = own_stack();
    const Walked all = walk(registers, OwnStack::read, &stack);
    EXPECT_FALSE(all.truncated);
    const auto count = static_cast<uint32_t>(all.frames.size());
    EXPECT_FALSE(walk(registers, OwnStack::read, &stack, count).truncated);
    for (uint32_t capacity : {count - 1, 7u, 1u, 0u}) {
      const Walked some = walk(registers, OwnStack::read, &stack, capacity);
      EXPECT_TRUE(some.truncated) << capacity;
      ASSERT_EQ(some.frames.size(), capacity);
      for (uint32_t i = 0; i < capacity; ++i) {
        EXPECT_EQ(some.frames[i].address, all.frames[i].address);
        EXPECT_EQ(some.frames[i].canonical_frame_address, all.frames[i].canonical_frame_address);
      }
    }
  });
}

TEST(OwnStack, StackOutsideTheGivenBoundsIsNotRead) {
  Registers registers;
  capture(registers);
  OwnStack none{0, 0};
  EXPECT_EQ(walk(registers, OwnStack::read, &none).frames.size(), 1u);
  uint64_t word = 0;
  OwnStack two{reinterpret_cast<uint64_t>(&word), reinterpret_cast<uint64_t>(&word) + 8};
  uint64_t out = 0;
  EXPECT_TRUE(OwnStack::read(&two, two.low, &out, 8));
  EXPECT_FALSE(OwnStack::read(&two, two.low + 1, &out, 8));
  EXPECT_FALSE(OwnStack::read(&two, two.low - 1, &out, 8));
  EXPECT_FALSE(OwnStack::read(&two, two.high, &out, 1));
  EXPECT_FALSE(OwnStack::read(&two, ~uint64_t{0}, &out, 8));
}

// The header of this program's search table, for changing it.
unsigned char* table_header() {
  unsigned char* found = nullptr;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* out) {
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr)& header = info->dlpi_phdr[i];
          if (header.p_type != PT_GNU_EH_FRAME) continue;
          *static_cast<unsigned char**>(out) =
              reinterpret_cast<unsigned char*>(info->dlpi_addr + header.p_vaddr);
        }
        return 1;  // the program comes first
      },
      &found);
  return found;
}

TEST(OwnStack, SectionIsSearchedWhereThereIsNoTable) {
  unsigned char* header = table_header();
  ASSERT_NE(header, nullptr);
  void* page = reinterpret_cast<void*>(reinterpret_cast<uint64_t>(header) & ~uint64_t{4095});
  ASSERT_EQ(mprotect(page, 8192, PROT_READ | PROT_WRITE), 0);
  // The loop has no branches and an end that is not known, so that both walks have one call site.
  const unsigned char encodings[] = {header[3], 0xff};  // DW_EH_PE_omit
  std::vector<Frame> walks[2];
  static volatile int rounds = 2;
  for (int round = 0; round < rounds; ++round) {
    header[3] = encodings[round];
    chain::chain_O2(6, [&] { walk_here(walks[round]); });
  }
  header[3] = encodings[0];
  mprotect(page, 8192, PROT_READ);
  EXPECT_EQ(addresses(walks[1]), addresses(walks[0]));
  EXPECT_GT(walks[0].size(), 8u);
}

}  // namespace
