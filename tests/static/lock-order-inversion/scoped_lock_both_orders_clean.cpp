// scoped_lock of two locks backs off by itself, whatever their order.
#include <mutex>

struct Account {
  std::mutex lock;
  long balance = 0;
};

void transfer(Account& from, Account& to, long amount) {
  std::scoped_lock both(from.lock, to.lock);
  from.balance -= amount;
  to.balance += amount;
}

void swap_balances(Account& one, Account& two) {
  std::scoped_lock both(two.lock, one.lock);
  long balance = one.balance;
  one.balance = two.balance;
  two.balance = balance;
}
