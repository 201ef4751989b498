// One template, used with two globals in both orders.
#include <mutex>

std::mutex front, back;

template <typename First, typename Second, typename Work>
void with_both(First& first, Second& second, Work work) {
  std::lock_guard<First> outer(first);
  std::lock_guard<Second> inner(second);  // EXPECT: lock-order-inversion
  work();
}

void paint() {
  with_both(front, back, [] {});
}

void flip() {
  with_both(back, front, [] {});
}
