// Two threads push into one vector.
#include <thread>
#include <vector>

static std::vector<int> results;

static void work(int value) {
  results.push_back(value);  // EXPECT: data-race "results"
}

int main() {
  std::thread one(work, 1);
  std::thread two(work, 2);
  one.join();
  two.join();
}
