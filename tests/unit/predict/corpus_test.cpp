// The fuzzer's seeds, and simple mutations of them, in every ordinary test run.
#include <gtest/gtest.h>

#include <random>

#include "tests/fuzz/trace_seeds.h"

namespace gordian::fuzz {
namespace {

TEST(TraceCorpus, SeedsAreTracesThatCanBeRead) {
  for (const std::vector<uint8_t>& seed : trace_seeds()) EXPECT_TRUE(run_trace(seed.data(), seed.size()));
}

TEST(TraceCorpus, CutSeedsAreReadOrRefused) {
  for (const std::vector<uint8_t>& seed : trace_seeds()) {
    for (size_t size = 0; size < seed.size(); size += 7) run_trace(seed.data(), size);
  }
}

TEST(TraceCorpus, MutatedSeedsAreReadOrRefused) {
  constexpr uint8_t kValues[] = {0, 1, 2, 3, 7, 0x10, '\n', '|', '(', ')', 'a', 'T', '1', 0x7f, 0x80, 0xff};
  std::mt19937 random(20);
  for (const std::vector<uint8_t>& seed : trace_seeds()) {
    // Most of a recorded trace's bytes are names and reserves; its events are at the end.
    const size_t begin = seed[0] == 0 ? 1 : seed.size() - 20 * sizeof(record::TraceEvent);
    for (int round = 0; round < 300; ++round) {
      std::vector<uint8_t> mutated = seed;
      for (int i = 0; i < 4; ++i)
        mutated[begin + random() % (mutated.size() - begin)] = kValues[random() % std::size(kValues)];
      run_trace(mutated.data(), mutated.size());
    }
  }
}

}  // namespace
}  // namespace gordian::fuzz
