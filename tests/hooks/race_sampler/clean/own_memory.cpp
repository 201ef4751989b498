// Thread-local variables, blocks of the heap that are freed by one thread and reused by the other, objects
// that are written before the threads begin, and reading alone.
#include <vector>

#include "for_a_while.h"

namespace {

thread_local long own_total = 0;
std::vector<long> constants;
long limit = 0;

[[gnu::noinline]] long* make_block(long i) {
  auto* block = new long[8];
  for (int k = 0; k < 8; ++k) block[k] = i + constants[static_cast<size_t>(k)];
  return block;
}

[[gnu::noinline]] long use_block(long* block) {
  own_total += block[3] % limit;
  const long result = block[0];
  delete[] block;
  return result;
}

void* body(void*) {
  long sum = 0;
  for (long i = 0; goes_on(); ++i) {
    sum += use_block(make_block(i));
    spend(100);
  }
  return sum == 0 ? &limit : nullptr;
}

}  // namespace

int main(int count, char** words) {
  run_for(count, words);
  for (long i = 0; i < 8; ++i) constants.push_back(i);
  limit = 1000;
  run_pair(body, body, nullptr);
  return 0;
}
