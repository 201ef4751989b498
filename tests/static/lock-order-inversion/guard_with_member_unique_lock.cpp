// A class that keeps a unique_lock as a member is a guard, too.
#include <mutex>

struct Table {
  std::mutex mutex;
};

class Transaction {
 public:
  explicit Transaction(Table& table) : lock_(table.mutex) {}
  void commit() { lock_.unlock(); }

 private:
  std::unique_lock<std::mutex> lock_;
};

Table orders, stock;

void buy() {
  Transaction one(orders);
  Transaction two(stock);  // EXPECT: lock-order-inversion
  two.commit();
  one.commit();
}

void refill() {
  Transaction one(stock);
  Transaction two(orders);  // EXPECT: lock-order-inversion
}
