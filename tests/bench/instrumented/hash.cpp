// Two threads fill and read hash tables of their own.
#include <cstdint>
#include <thread>
#include <unordered_map>

static void work(uint64_t seed) {
  std::unordered_map<uint64_t, uint64_t> table;
  for (int round = 0; round < 4; ++round)
    for (uint64_t i = 0; i < 200'000; ++i) table[(i * 2654435761u + seed) % 50'000] += i;
}

int main() {
  std::thread one(work, 1), other(work, 2);
  one.join();
  other.join();
}
