// The field says by its attribute which lock guards it.
#include <mutex>

#if defined(__clang__)
#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#else
#define GUARDED_BY(x)
#endif

class Account {
 public:
  void deposit(long amount) {
    std::lock_guard<std::mutex> hold(mutex_);
    balance_ += amount;  // EXPECT-MAY: data-race
  }
  void withdraw(long amount) {
    balance_ -= amount;  // EXPECT: data-race "balance_"
  }

 private:
  std::mutex mutex_;
  long balance_ GUARDED_BY(mutex_) = 0;
};

void move(Account& account) {
  account.deposit(1);
  account.withdraw(1);
}
