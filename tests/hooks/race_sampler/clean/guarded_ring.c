// A ring whose writers take a lock among themselves and whose reader takes none: what orders the two sides is
// an atomic load and an atomic store, which in the machine are plain moves. There is no other atomic
// operation in the program.
#include "for_a_while.h"

struct letter {
  long words[8];
};

enum { kPlaces = 4 };
static pthread_mutex_t writers = PTHREAD_MUTEX_INITIALIZER;
static struct letter places[kPlaces];
static unsigned long written;
static unsigned long taken;

__attribute__((noinline)) static void post_letter(const struct letter* letter) {
  CHECK(pthread_mutex_lock(&writers));
  const unsigned long n = __atomic_load_n(&written, __ATOMIC_RELAXED);
  if (n - __atomic_load_n(&taken, __ATOMIC_ACQUIRE) < kPlaces) {
    places[n % kPlaces] = *letter;
    __atomic_store_n(&written, n + 1, __ATOMIC_RELEASE);
  }
  CHECK(pthread_mutex_unlock(&writers));
}

__attribute__((noinline)) static long take_letter(struct letter* letter) {
  const unsigned long n = __atomic_load_n(&taken, __ATOMIC_RELAXED);
  if (n == __atomic_load_n(&written, __ATOMIC_ACQUIRE)) return 0;
  *letter = places[n % kPlaces];
  places[n % kPlaces].words[0] += 1;
  __atomic_store_n(&taken, n + 1, __ATOMIC_RELEASE);
  return letter->words[1];
}

static void rest_for(long microseconds) {
  const struct timespec time = {0, microseconds * 1000};
  nanosleep(&time, NULL);
}

static void* writer(void* nothing) {
  struct letter letter = {{0}};
  for (long i = 1; goes_on(); ++i) {
    letter.words[1] = i;
    post_letter(&letter);
    rest_for(i % 3 * 700);
  }
  return nothing;
}

static void* reader(void* nothing) {
  struct letter letter;
  long sum = 0;
  for (long i = 0; goes_on(); ++i) {
    sum += take_letter(&letter);
    rest_for(i % 5 * 300);
  }
  return sum == 0 ? &places : nothing;
}

int main(int count, char** words) {
  run_for(count, words);
  run_pair(writer, reader, NULL);
  return 0;
}
