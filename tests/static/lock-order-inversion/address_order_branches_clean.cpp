// The order of the addresses is asked for with std::less, and each way round is written out.
// FLAGS: -std=c++11
#include <functional>
#include <mutex>

struct Account {
  std::mutex lock;
  long balance = 0;
};

void transfer(Account& from, Account& to, long amount) {
  if (std::less<Account*>()(&from, &to)) {
    from.lock.lock();
    to.lock.lock();
  } else {
    to.lock.lock();
    from.lock.lock();
  }
  from.balance -= amount;
  to.balance += amount;
  from.lock.unlock();
  to.lock.unlock();
}
