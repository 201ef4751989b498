// As threads_in_vector.cpp, under a lock; main alone uses it before the first and after the last.
// FLAGS: -std=c++17
#include <mutex>
#include <thread>
#include <vector>

static std::mutex lock;
static long served;
static std::vector<long> limits;

static void serve(int place) {
  const long limit = limits[static_cast<unsigned>(place)];
  for (long i = 0; i < limit; ++i) {
    std::lock_guard<std::mutex> guard(lock);
    served += 1;
  }
}

int main() {
  limits.assign(4, 100);
  served = 0;
  std::vector<std::thread> workers;
  workers.reserve(4);
  for (int i = 0; i < 4; ++i) workers.emplace_back(serve, i);
  for (auto& worker : workers) worker.join();
  limits.clear();
  return served == 400 ? 0 : 1;
}
