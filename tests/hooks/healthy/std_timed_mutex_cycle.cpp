// EXPECT: rule=lock-order-inversion grade=unlikely threads=2 kinds=mutex,mutex names=left,right optional
// A crossed pair of std::timed_mutex: one side uses try_lock_for and lets go.
#include <chrono>
#include <mutex>
#include <thread>

#include "support.h"

static std::timed_mutex left, right;
static int both_hold_one;

int main() {
  std::thread patient([] {
    std::scoped_lock outer(left);
    meet(&both_hold_one, 2);
    std::scoped_lock inner(right);
  });
  std::thread impatient([] {
    std::unique_lock<std::timed_mutex> outer(right);
    meet(&both_hold_one, 2);
    CHECK_THAT(!left.try_lock_for(std::chrono::milliseconds(400)));
    outer.unlock();
    std::unique_lock<std::timed_mutex> other(left,
                                             std::chrono::steady_clock::now() + std::chrono::seconds(10));
    CHECK_THAT(other.owns_lock());
  });
  patient.join();
  impatient.join();
  puts("done");
}
