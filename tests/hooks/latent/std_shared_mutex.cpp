// EXPECT: rule=lock-order-inversion grade=possible threads=2 kinds=mutex,rwlock names=table,journal
// CONFIRM: reachable=yes
// A reader of the table takes the journal; the replay holds the journal and writes the table.
#include <mutex>
#include <shared_mutex>

#include "in_turns.h"

static std::shared_mutex table;
static std::mutex journal;

static void look_up() {
  std::shared_lock<std::shared_mutex> reading(table);
  std::lock_guard<std::mutex> noting(journal);
}

static void replay() {
  std::lock_guard<std::mutex> reading(journal);
  std::unique_lock<std::shared_mutex> changing(table);
}

int main() {
  two_turns(look_up, replay);
}
