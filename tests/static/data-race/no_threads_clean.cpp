// A class without locks in a program without threads.
#include <vector>

class Histogram {
 public:
  void add(int value) {
    values_.push_back(value);
    sum_ += value;
  }
  int sum() const { return sum_; }

 private:
  std::vector<int> values_;
  int sum_ = 0;
};

static Histogram all;

int main() {
  all.add(1);
  all.add(2);
  return all.sum();
}
