// A reference makes the temporary live as long as itself.
#include <mutex>

static std::mutex mutex;

void update(int& value) {
  const auto& hold = std::lock_guard<std::mutex>{mutex};
  ++value;
  (void)hold;
}

void update_again(int& value) {
  auto&& hold = std::unique_lock<std::mutex>(mutex);
  ++value;
  (void)hold;
}
