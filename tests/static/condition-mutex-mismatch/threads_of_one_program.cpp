// Two threads of one program wait on a local condition with two local mutexes.
#include <condition_variable>
#include <mutex>
#include <thread>

int main() {
  std::mutex left, right;
  std::condition_variable go;
  bool left_ready = true, right_ready = true;
  std::thread one([&] {
    std::unique_lock<std::mutex> lock(left);
    go.wait(lock, [&] { return left_ready; });  // EXPECT: condition-mutex-mismatch
  });
  std::thread two([&] {
    std::unique_lock<std::mutex> lock(right);
    go.wait(lock, [&] { return right_ready; });  // EXPECT: condition-mutex-mismatch
  });
  one.join();
  two.join();
}
