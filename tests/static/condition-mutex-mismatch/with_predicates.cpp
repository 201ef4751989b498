// The waits have predicates; the mutexes differ all the same.
#include <condition_variable>
#include <mutex>

static std::mutex input_mutex, output_mutex;
static std::condition_variable moved;
static int input, output;

void await_input() {
  std::unique_lock<std::mutex> lock(input_mutex);
  moved.wait(lock, [] { return input > 0; });  // EXPECT: condition-mutex-mismatch
  --input;
}

void await_output() {
  std::unique_lock<std::mutex> lock(output_mutex);
  moved.wait(lock, [] { return output > 0; });  // EXPECT: condition-mutex-mismatch
  --output;
}
