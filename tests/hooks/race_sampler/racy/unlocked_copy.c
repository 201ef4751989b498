// One thread copies a record by memcpy while the other updates it.
// EXPECT: grade=proven functions=update_record,*
#include "for_a_while.h"

struct record {
  long fields[32];
};

static struct record shared;

__attribute__((noinline)) static void update_record(unsigned i) {
  shared.fields[i % 32] += 1;
}

__attribute__((noinline)) static long copy_record(struct record* to) {
  memcpy(to, &shared, sizeof *to);
  return to->fields[5];
}

static void* updater(void* nothing) {
  for (unsigned i = 0; goes_on(); ++i) {
    update_record(i);
    spend(300);
  }
  return nothing;
}

static void* copier(void* nothing) {
  long sum = 0;
  struct record copy;
  while (goes_on()) {
    sum += copy_record(&copy);
    spend(300);
  }
  return sum < 0 ? &shared : nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(updater, copier, NULL);
  return 0;
}
