// One function over two objects of one class: transfer(a, b) against transfer(b, a).
#include <mutex>

struct Account {
  std::mutex lock;
  long balance = 0;
};

void transfer(Account& from, Account& to, long amount) {
  std::lock_guard<std::mutex> first(from.lock);
  std::lock_guard<std::mutex> second(to.lock);  // EXPECT: lock-order-inversion "Account"
  from.balance -= amount;
  to.balance += amount;
}
