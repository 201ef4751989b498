// Two locks are held, both of them.
// FLAGS: -std=c++20
#include <mutex>

#include "coroutine.h"

struct Account {
  std::mutex mutex;
  int balance = 0;
};

Task transfer(Account& from, Account& to) {
  std::scoped_lock both(from.mutex, to.mutex);
  from.balance -= 1;
  co_await Delay{1};  // EXPECT: lock-across-co-await
  to.balance += 1;
}
