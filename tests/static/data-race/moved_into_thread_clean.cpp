// The object moves into the thread, and its maker has it no more.
#include <memory>
#include <thread>
#include <utility>

struct Job {
  int input = 0;
  int output = 0;
};

int main() {
  auto job = std::make_unique<Job>();
  job->input = 5;
  std::thread worker([owned = std::move(job)] { owned->output = owned->input * 2; });
  worker.join();
}
