// The other order is only taken before the thread is there, and after it was joined.
#include <mutex>
#include <thread>

static std::mutex config, state;
static int generation;

static void load() {
  std::lock_guard<std::mutex> outer(state);
  std::lock_guard<std::mutex> inner(config);
  ++generation;
}

static void serve() {
  std::lock_guard<std::mutex> outer(config);
  std::lock_guard<std::mutex> inner(state);
  ++generation;
}

int main() {
  load();
  std::thread server(serve);
  server.join();
  load();
}
