// EXPECT: rule=deadlock grade=proven threads=2 kinds=mutex,mutex names=savings,checking
// Two transfers in opposite directions lock the same two accounts in opposite order.
// Compare two_accounts_clean.cpp, which takes both locks at once.
#include <pthread.h>

#include <atomic>
#include <cstdio>
#include <mutex>
#include <thread>

struct Account {
  std::mutex lock;
  long balance = 100;
};

static Account savings;
static Account checking;

// Makes the unlucky moment certain: nobody goes on until both threads hold their first lock.
static std::atomic<int> threads_with_first_lock = 0;

static void meet_the_other() {
  ++threads_with_first_lock;
  while (threads_with_first_lock < 2) std::this_thread::yield();
}

static void transfer(Account& from, Account& to, long amount) {
  std::lock_guard<std::mutex> lock_from(from.lock);
  meet_the_other();
  std::lock_guard<std::mutex> lock_to(to.lock);  // each waits here for what the other holds
  from.balance -= amount;
  to.balance += amount;
}

int main() {
  std::thread saver([] {
    pthread_setname_np(pthread_self(), "saver");
    transfer(checking, savings, 10);
  });
  std::thread spender([] {
    pthread_setname_np(pthread_self(), "spender");
    transfer(savings, checking, 20);
  });
  saver.join();
  spender.join();
  std::printf("savings %ld, checking %ld\n", savings.balance, checking.balance);
}
