// An object is deleted with its mutex locked. std::mutex calls no destroy: the memory tells.
// EXPECT: rule=destroy-while-held grade=proven threads=1 kinds=mutex
#include <mutex>
#include <new>

#include "support.h"

struct Session {
  std::mutex mutex;
  char state[200] = {};

  void close() {
    mutex.lock();
    delete this;
  }
};

int main() {
  auto* session = new Session;
  session->close();
  puts("closed");
}
