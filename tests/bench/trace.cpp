// Writes a made-up trace in RAPID's text format to standard output: `trace EVENTS`.
//
// Eight threads work under locks that they take in one order. Two pairs of locks break it: one that data flow
// keeps apart all along, so that the whole trace has to be walked to rule it out, and one that nothing keeps
// apart. The same for every size but for its length.
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr uint32_t kThreads = 8;
constexpr uint32_t kLocks = 40;  // from 4 on: ordinary ones
constexpr uint32_t kVariables = 4096;

uint64_t written = 0;
uint64_t state = 88172645463325252;

// Marsaglia: Xorshift RNGs, 2003.
uint32_t below(uint32_t end) {
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return static_cast<uint32_t>(state % end);
}

void event(uint32_t thread, const char* operation, char kind, uint32_t operand, uint32_t location) {
  std::printf("T%u|%s(%c%u)|%u\n", thread, operation, kind, operand, location);
  ++written;
}

void pair(uint32_t thread, uint32_t outer, uint32_t inner, uint32_t location) {
  event(thread, "acq", 'L', outer, location);
  event(thread, "acq", 'L', inner, location + 1);
  event(thread, "rel", 'L', inner, location + 2);
  event(thread, "rel", 'L', outer, location + 3);
}

void ordinary(uint32_t thread) {
  const uint32_t outer = 4 + below(kLocks - 5);
  const uint32_t location = 100 + 10 * below(200);
  const bool is_nested = below(3) == 0;
  event(thread, "acq", 'L', outer, location);
  if (is_nested) event(thread, "acq", 'L', outer + 1, location + 1);
  for (uint32_t i = 0; i < 3; ++i) {
    const uint32_t variable = below(kVariables);
    event(thread, "r", 'V', variable, location + 2 + i);
    if (i == 0) event(thread, "w", 'V', variable, location + 5);
  }
  if (is_nested) event(thread, "rel", 'L', outer + 1, location + 6);
  event(thread, "rel", 'L', outer, location + 7);
}

// Variables 5000 + thread say that the thread has been through its pair of locks 0 and 1.
void kept_apart(uint32_t thread) {
  if (thread == 0) {
    for (uint32_t other = 1; other < kThreads; ++other) event(0, "r", 'V', 5000 + other, 10);
    pair(0, 1, 0, 11);
  } else {
    event(thread, "r", 'V', 5000, 20);
    pair(thread, 0, 1, 21);
  }
  event(thread, "w", 'V', 5000 + thread, 30);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const uint64_t wanted = std::strtoull(argv[1], nullptr, 10);
  for (uint32_t thread = 1; thread < kThreads; ++thread) event(0, "fork", 'T', thread, 1);
  while (written < wanted) {
    const uint32_t thread = below(kThreads);
    const uint32_t what = below(100);
    if (what < 4) {
      kept_apart(thread);
    } else if (what == 4) {
      thread % 2 == 0 ? pair(thread, 2, 3, 40) : pair(thread, 3, 2, 50);
    } else {
      ordinary(thread);
    }
  }
  return std::fflush(stdout) == 0 ? 0 : 1;
}
