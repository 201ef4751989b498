// The account with the smaller number is locked first; the numbers never change.
#include <mutex>
#include <utility>

struct Account {
  explicit Account(int n) : number(n) {}
  const int number;
  std::mutex lock;
  long balance = 0;
};

void transfer(Account& from, Account& to, long amount) {
  Account* first = &from;
  Account* second = &to;
  if (first->number > second->number) std::swap(first, second);
  std::lock_guard<std::mutex> outer(first->lock);
  std::lock_guard<std::mutex> inner(second->lock);
  from.balance -= amount;
  to.balance += amount;
}
