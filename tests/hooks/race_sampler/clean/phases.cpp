// Barriers part the phases, a lock for readers and writers guards a table, a function's static object is made
// once by whoever comes first.
#include <array>
#include <mutex>
#include <shared_mutex>
#include <string>

#include "for_a_while.h"

namespace {

pthread_barrier_t barrier;
std::shared_mutex lock;
std::array<long, 2> cells;
long table = 0;
bool is_over = false;  // written by the first thread between two barriers

[[gnu::noinline]] const std::string& greeting() {
  static const std::string text(40, 'x');
  return text;
}

[[gnu::noinline]] void write_cell(size_t which) {
  cells[which] += 1;
}

[[gnu::noinline]] long read_cell(size_t which) {
  return cells[which];
}

[[gnu::noinline]] long change_table(size_t which) {
  if (which == 0) {
    const std::unique_lock guard(lock);
    table += 1;
    return table;
  }
  const std::shared_lock guard(lock);
  return table;
}

void take_part(size_t which) {
  long sum = static_cast<long>(greeting().size());
  for (;;) {
    write_cell(which);
    if (which == 0) is_over = !goes_on();
    pthread_barrier_wait(&barrier);
    sum += read_cell(1 - which) + change_table(which);
    const bool last = is_over;
    pthread_barrier_wait(&barrier);
    if (last) return;
  }
}

void* first(void*) {
  take_part(0);
  return nullptr;
}

void* second(void*) {
  take_part(1);
  return nullptr;
}

}  // namespace

int main(int count, char** words) {
  run_for(count, words);
  CHECK(pthread_barrier_init(&barrier, nullptr, 2));
  run_pair(first, second, nullptr);
  return 0;
}
