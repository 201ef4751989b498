// Registers and stacks that make no sense: the walk ends, and touches nothing that is not its to read.
#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>
#include <random>

#include "tests/unit/unwind/stacks.h"

namespace {

using namespace stacks;

struct Pretended {
  std::mt19937_64 random;
  std::vector<uint64_t> code;

  explicit Pretended(uint64_t seed) : random(seed) {
    for (void* function :
         {reinterpret_cast<void*>(qsort), reinterpret_cast<void*>(printf), reinterpret_cast<void*>(abort),
          reinterpret_cast<void*>(pthread_create), reinterpret_cast<void*>(own_stack),
          dlsym(RTLD_DEFAULT, "_dl_find_object"), dlsym(RTLD_DEFAULT, "vfork")}) {
      if (function != nullptr) code.push_back(reinterpret_cast<uint64_t>(function));
    }
  }

  // Addresses of code are the interesting ones: they have rows, which then find nothing sensible.
  uint64_t word() {
    switch (random() % 6) {
      case 0:
        return random();
      case 1:
        return random() >> 17;
      case 2:
        return random() % 65536;
      case 3:
        return 0 - random() % 65536;
      default:
        return code[random() % code.size()] + random() % 1024 - 128;
    }
  }
};

// Says of every address that it holds a word that makes no sense.
bool read_anything(void* context, uint64_t, void* out, size_t size) {
  auto* pretended = static_cast<Pretended*>(context);
  const uint64_t word = pretended->word();
  __builtin_memcpy(out, &word, size < 8 ? size : 8);
  return true;
}

constexpr int kRounds = 20000;

Registers garbage(Pretended& pretended) {
  Registers registers;
  for (uint64_t& value : registers.value) value = pretended.word();
  return registers;
}

TEST(Garbage, RandomRegistersOverUnreadableMemoryEndTheWalk) {
  for (uint64_t seed : {1, 2, 3}) {
    Pretended pretended(seed);
    for (int i = 0; i < kRounds; ++i) {
      ForeignStack stack;
      EXPECT_LE(walk(garbage(pretended), ForeignStack::read, &stack, 64).frames.size(), 64u);
    }
  }
}

TEST(Garbage, RandomWordsAsAStackEndTheWalk) {
  for (uint64_t seed : {4, 5, 6}) {
    Pretended pretended(seed);
    size_t most = 0;
    for (int i = 0; i < kRounds; ++i) {
      const size_t count = walk(garbage(pretended), read_anything, &pretended, 64).frames.size();
      EXPECT_LE(count, 64u);
      if (count > most) most = count;
    }
    EXPECT_GT(most, 2u) << "the walk was not led astray, so nothing was tested";
  }
}

TEST(Garbage, RandomStackPointersIntoTheOwnStackEndTheWalk) {
  Pretended pretended(7);
  OwnStack stack = own_stack();
  const uint64_t here = reinterpret_cast<uint64_t>(__builtin_frame_address(0));
  for (int i = 0; i < kRounds; ++i) {
    Registers registers = garbage(pretended);
    registers.value[Registers::kStackPointer] = here + pretended.random() % 8192 - 4096;
    ForeignStack foreign;
    const auto by_kernel = addresses(walk(registers, ForeignStack::read, &foreign, 64).frames);
    EXPECT_GE(by_kernel.size(), registers.value[Registers::kProgramCounter] != 0 ? 1u : 0u);
    if (here < stack.low || here >= stack.high) continue;
    walk(registers, OwnStack::read, &stack, 64);
  }
}

TEST(Garbage, ZeroProgramCounterIsNoFrame) {
  Registers registers = {};
  ForeignStack stack;
  const Walked walked = walk(registers, ForeignStack::read, &stack);
  EXPECT_TRUE(walked.frames.empty());
  EXPECT_FALSE(walked.truncated);
}

}  // namespace
