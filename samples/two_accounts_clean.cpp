// The twin of two_accounts.cpp: std::scoped_lock takes both locks without ever waiting with one in hand. No
// finding.
#include <pthread.h>

#include <cstdio>
#include <mutex>
#include <thread>

struct Account {
  std::mutex lock;
  long balance = 100;
};

static Account savings;
static Account checking;

static void transfer(Account& from, Account& to, long amount) {
  std::scoped_lock both(from.lock, to.lock);
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  std::thread saver([] {
    pthread_setname_np(pthread_self(), "saver");
    for (int i = 0; i < 1000; ++i) transfer(checking, savings, 10);
  });
  std::thread spender([] {
    pthread_setname_np(pthread_self(), "spender");
    for (int i = 0; i < 1000; ++i) transfer(savings, checking, 20);
  });
  saver.join();
  spender.join();
  std::printf("savings %ld, checking %ld\n", savings.balance, checking.balance);
}
