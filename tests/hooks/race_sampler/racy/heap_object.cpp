// A vector on the heap, filled and looked at without a lock.
// EXPECT: grade=proven|inferred stripped=unlikely|possible|proven
#include <vector>

#include "for_a_while.h"

namespace {

struct Journal {
  std::vector<int> entries;
  unsigned sum = 0;
};

[[gnu::noinline]] void add_entry(Journal& journal, int what) {
  if (journal.entries.size() > 1000) journal.entries.clear();
  journal.entries.push_back(what);
}

[[gnu::noinline]] size_t count_entries(const Journal& journal) {
  return journal.entries.size();
}

void* writer(void* journal) {
  for (int i = 0; goes_on(); ++i) {
    add_entry(*static_cast<Journal*>(journal), i);
    spend(300);
  }
  return nullptr;
}

void* reader(void* journal) {
  size_t sum = 0;
  while (goes_on()) {
    sum += count_entries(*static_cast<Journal*>(journal));
    spend(300);
  }
  return sum == 0 ? journal : nullptr;
}

}  // namespace

int main(int count, char** words) {
  run_for(count, words);
  auto* journal = new Journal;
  journal->entries.reserve(2000);
  run_pair(writer, reader, journal);
  delete journal;
  return 0;
}
