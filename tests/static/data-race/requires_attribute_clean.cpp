// The attribute says that callers hold the lock; nobody in this program calls it.
#include <mutex>

#if defined(__clang__)
#define GUARDED_BY(x) __attribute__((guarded_by(x)))
#define REQUIRES(...) __attribute__((exclusive_locks_required(__VA_ARGS__)))
#else
#define GUARDED_BY(x)
#define REQUIRES(...)
#endif

class Account {
 public:
  std::mutex mutex;
  void deposit(long amount) {
    std::lock_guard<std::mutex> hold(mutex);
    balance_ += amount;
  }
  void add_interest() REQUIRES(mutex);

 private:
  long balance_ GUARDED_BY(mutex) = 0;
};

void Account::add_interest() {
  balance_ += balance_ / 100;
}

void pay(Account& account) {
  account.deposit(5);
}
