// As heap_recycled, with std::mutex: nothing is told about its end but that its memory is freed.
#include <memory>
#include <mutex>
#include <thread>

#include "support.h"

struct Session {
  std::mutex lock;
  char state[500];
};
static std::mutex registry;
static std::unique_ptr<Session> session;
static int second_is_there;
static int second_is_done;

static void own() {
  session = std::make_unique<Session>();
  const auto address = reinterpret_cast<unsigned long>(session.get());
  {
    std::lock_guard<std::mutex> inside(session->lock);
    std::lock_guard<std::mutex> noted(registry);
  }
  session.reset();
  session = std::make_unique<Session>();
  CHECK_THAT(reinterpret_cast<unsigned long>(session.get()) == address);
  raise_flag(&second_is_there);
  await_flag(&second_is_done);
  session.reset();
}

static void sweep() {
  await_flag(&second_is_there);
  {
    std::lock_guard<std::mutex> noted(registry);
    std::lock_guard<std::mutex> inside(session->lock);
  }
  raise_flag(&second_is_done);
}

int main() {
  std::thread owner(own);
  std::thread sweeper(sweep);
  owner.join();
  sweeper.join();
}
