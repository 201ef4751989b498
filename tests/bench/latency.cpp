// One deadlock, closed at a known time: `latency KIND` prints CLOCK_MONOTONIC just before the call that
// closes it, and hangs.
//
// The thread that closes it starts when the kernel says that all the others sleep in theirs.
#include <fcntl.h>
#include <semaphore.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "worker.h"

using bench::check;

namespace {

pthread_mutex_t left = PTHREAD_MUTEX_INITIALIZER;
pthread_mutex_t right = PTHREAD_MUTEX_INITIALIZER;
pthread_rwlock_t left_rw = PTHREAD_RWLOCK_INITIALIZER;
pthread_rwlock_t right_rw = PTHREAD_RWLOCK_INITIALIZER;
pthread_cond_t never = PTHREAD_COND_INITIALIZER;
pthread_barrier_t three;
sem_t left_semaphore, right_semaphore;
pthread_t first_thread, second_thread;

int tid_of_first = 0;
int ready = 0;

bool sleeps(int tid) {
  char path[64];
  char text[256] = {};
  std::snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
  const int fd = open(path, O_RDONLY);
  if (fd < 0) return false;
  const ssize_t size = read(fd, text, sizeof(text) - 1);
  close(fd);
  const char* end_of_name = size > 0 ? std::strrchr(text, ')') : nullptr;
  return end_of_name != nullptr && end_of_name[2] == 'S';
}

void await_sleep(int tid) {
  while (!sleeps(tid)) sched_yield();
}

void stamp() {
  char text[32];
  const int size = std::snprintf(text, sizeof(text), "%llu\n",
                                 static_cast<unsigned long long>(bench::now(CLOCK_MONOTONIC)));
  if (write(STDOUT_FILENO, text, static_cast<size_t>(size)) != size) std::_Exit(98);
}

struct Kind {
  const char* name;
  void (*prepare)();
  void (*take[2])();  // what each thread holds
  void (*wait[2])();  // what each then waits for
};

const Kind* kind;

void nothing() {}
void wait_on_condition() {
  pthread_mutex_lock(&left);
  pthread_cond_wait(&never, &left);
}

const Kind kKinds[] = {
    {"mutex",
     nothing,
     {[] { check(pthread_mutex_lock(&left)); }, [] { check(pthread_mutex_lock(&right)); }},
     {[] { check(pthread_mutex_lock(&right)); }, [] { check(pthread_mutex_lock(&left)); }}},
    {"rwlock",
     nothing,
     {[] { check(pthread_rwlock_wrlock(&left_rw)); }, [] { check(pthread_rwlock_wrlock(&right_rw)); }},
     {[] { check(pthread_rwlock_wrlock(&right_rw)); }, [] { check(pthread_rwlock_wrlock(&left_rw)); }}},
    {"semaphore",
     [] { sem_init(&left_semaphore, 0, 1), sem_init(&right_semaphore, 0, 1); },
     {[] { sem_wait(&left_semaphore); }, [] { sem_wait(&right_semaphore); }},
     {[] { sem_wait(&right_semaphore); }, [] { sem_wait(&left_semaphore); }}},
    {"join",
     nothing,
     {nothing, nothing},
     {[] { pthread_join(second_thread, nullptr); }, [] { pthread_join(first_thread, nullptr); }}},
    {"barrier",
     [] { check(pthread_barrier_init(&three, nullptr, 3)); },
     {nothing, nothing},
     {[] { pthread_barrier_wait(&three); }, [] { pthread_barrier_wait(&three); }}},
    {"condition", nothing, {nothing, nothing}, {wait_on_condition, wait_on_condition}},
};

void* first(void*) {
  kind->take[0]();
  __atomic_store_n(&tid_of_first, static_cast<int>(syscall(SYS_gettid)), __ATOMIC_RELEASE);
  while (__atomic_load_n(&ready, __ATOMIC_ACQUIRE) == 0) sched_yield();
  kind->wait[0]();
  return nullptr;
}

void* second(void*) {
  while (__atomic_load_n(&tid_of_first, __ATOMIC_ACQUIRE) == 0) sched_yield();
  kind->take[1]();
  __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
  await_sleep(tid_of_first);
  await_sleep(getpid());
  stamp();
  kind->wait[1]();
  return nullptr;
}

}  // namespace

int main(int argc, char** argv) {
  for (const Kind& each : kKinds)
    if (argc > 1 && std::strcmp(argv[1], each.name) == 0) kind = &each;
  if (kind == nullptr) return 2;
  kind->prepare();
  check(pthread_create(&first_thread, nullptr, first, nullptr));
  check(pthread_create(&second_thread, nullptr, second, nullptr));
  // Threads that join each other are joined by nobody else; the main thread waits for an end of its own.
  if (std::strcmp(kind->name, "join") == 0) {
    static pthread_cond_t end = PTHREAD_COND_INITIALIZER;
    static pthread_mutex_t at_end = PTHREAD_MUTEX_INITIALIZER;
    check(pthread_mutex_lock(&at_end));
    for (;;) pthread_cond_wait(&end, &at_end);
  }
  pthread_join(first_thread, nullptr);
  pthread_join(second_thread, nullptr);
}
