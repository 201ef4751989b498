// A local object's destructor takes the lock that is held where it dies.
#include <mutex>

static std::mutex registry;
static int opened, closed;

class Session {
 public:
  ~Session() {
    std::lock_guard<std::mutex> hold(registry);  // EXPECT: double-lock
    ++closed;
  }
  void open() { ++opened; }
};

void probe() {
  registry.lock();
  {
    Session session;
    session.open();
  }
  registry.unlock();
}
