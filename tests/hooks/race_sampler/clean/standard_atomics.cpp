// std::atomic in every order: loads and relaxed stores are plain moves in the machine.
#include <atomic>

#include "for_a_while.h"

namespace {

struct Shared {
  std::atomic<long> relaxed{0};
  std::atomic<int> flag{0};
  std::atomic<bool> stop{false};
  std::atomic<double> number{0};
  long guarded = 0;  // by `flag`
};

[[gnu::noinline]] void publish(Shared& shared, long what) {
  if (shared.flag.load(std::memory_order_acquire) != 0) return;
  shared.guarded = what;
  shared.flag.store(1, std::memory_order_release);
}

[[gnu::noinline]] long consume(Shared& shared) {
  if (shared.flag.load(std::memory_order_acquire) == 0) return 0;
  const long result = shared.guarded;
  shared.flag.store(0, std::memory_order_release);
  return result;
}

[[gnu::noinline]] void touch(Shared& shared, long what) {
  shared.relaxed.store(shared.relaxed.load(std::memory_order_relaxed) + what, std::memory_order_relaxed);
  shared.number.store(static_cast<double>(what), std::memory_order_relaxed);
  shared.stop = what % 2 == 0;
}

[[gnu::noinline]] long look(const Shared& shared) {
  return shared.relaxed + static_cast<long>(shared.number.load(std::memory_order_relaxed)) +
         (shared.stop ? 1 : 0);
}

void* producer(void* shared) {
  auto& all = *static_cast<Shared*>(shared);
  for (long i = 1; goes_on(); ++i) {
    publish(all, i);
    touch(all, i);
    spend(200);
  }
  return nullptr;
}

void* consumer(void* shared) {
  auto& all = *static_cast<Shared*>(shared);
  long sum = 0;
  while (goes_on()) {
    sum += consume(all) + look(all);
    spend(200);
  }
  return sum == 0 ? shared : nullptr;
}

}  // namespace

int main(int count, char** words) {
  run_for(count, words);
  auto* shared = new Shared;
  run_pair(producer, consumer, shared);
  delete shared;
  return 0;
}
