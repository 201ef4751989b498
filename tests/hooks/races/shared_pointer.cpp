// RACE: counter, work
// The last owner destroys the object, after all that the others did with it.
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "turns.h"

int counter;

struct Thing {
  int number = 0;
  std::string text = "a text that does not fit into the object itself, to be sure";
  ~Thing() { number = -1; }
};

static void work(std::shared_ptr<Thing> thing) {
  const volatile size_t size = thing->text.size() + static_cast<size_t>(thing->number);
  (void)size;
  if (RACY) counter += 1;
  arrive();
}

int main() {
  auto thing = std::make_shared<Thing>();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) threads.emplace_back(work, thing);
  thing.reset();
  for (auto& thread : threads) thread.join();
  await(4);
  step(9);
  return 0;
}
