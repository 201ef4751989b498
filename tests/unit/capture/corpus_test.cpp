// The fuzzer's seeds, and simple mutations of them, in every ordinary test run.
#include <gtest/gtest.h>

#include <random>

#include "tests/fuzz/record_seeds.h"

namespace gordian::fuzz {
namespace {

TEST(Corpus, SeedsAreReadOrRefused) {
  for (const std::vector<uint8_t>& seed : record_seeds()) run_one(seed.data(), seed.size());
}

TEST(Corpus, CutSeedsAreReadOrRefused) {
  for (const std::vector<uint8_t>& seed : record_seeds()) {
    for (size_t size = 0; size < seed.size(); size += 509) run_one(seed.data(), size);
  }
}

TEST(Corpus, MutatedSeedsAreReadOrRefused) {
  // Small values and all-ones are what counts, kinds and indices trip over.
  constexpr uint8_t kValues[] = {0, 1, 2, 3, 7, 0x10, 0x7f, 0x80, 0xff};
  std::mt19937 random(20);
  for (std::vector<uint8_t> seed : record_seeds()) {
    if (seed[0] == 0) seed[0] = 1;  // full size with hostile counts is slow, not different
    for (int round = 0; round < 400; ++round) {
      std::vector<uint8_t> mutated = seed;
      for (int i = 0; i < 6; ++i) mutated[random() % mutated.size()] = kValues[random() % std::size(kValues)];
      run_one(mutated.data(), mutated.size());
    }
  }
}

}  // namespace
}  // namespace gordian::fuzz
