// Two threads call one transfer with the same two global accounts, crosswise.
#include <mutex>
#include <thread>

struct Account {
  std::mutex lock;
  long balance = 0;
};

static Account savings, checking;

static void transfer(Account& from, Account& to, long amount) {
  std::scoped_lock first(from.lock);
  std::scoped_lock second(to.lock);  // EXPECT: lock-order-inversion
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  std::thread one([] { transfer(savings, checking, 10); });
  std::thread two([] { transfer(checking, savings, 20); });
  one.join();
  two.join();
}
