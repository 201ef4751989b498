// The same as hit_counter.cpp, and each hit is counted under a mutex.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

static std::mutex hits_lock;
static long hits;
static std::atomic<bool> closing{false};

// A request, as far as it matters here: some work of its own.
[[gnu::noinline]] static unsigned answer(unsigned request) {
  for (int i = 0; i < 50; ++i) request = request * 1664525u + 1013904223u;
  return request;
}

[[gnu::noinline]] static void count_hit() {
  std::lock_guard<std::mutex> count(hits_lock);
  hits += 1;
}

static void serve(long& served) {
  for (unsigned request = 1; !closing; request = answer(request)) {
    count_hit();
    served += 1;
  }
}

int main(int argc, char** argv) {
  const std::chrono::seconds open{argc > 1 ? std::atoi(argv[1]) : 1};
  std::vector<long> served(2);
  std::vector<std::thread> workers;
  for (long& each : served) workers.emplace_back(serve, std::ref(each));
  std::this_thread::sleep_for(open);
  closing = true;
  for (std::thread& worker : workers) worker.join();
  const bool all = hits == served[0] + served[1];
  std::puts(all ? "every hit was counted" : "hits were lost");
}
