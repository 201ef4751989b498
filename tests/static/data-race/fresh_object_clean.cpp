// The thread fills an object of its own before it puts it where others see it.
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

struct Report {
  int lines = 0;
  int errors = 0;
};

static std::mutex mutex;
static std::unique_ptr<Report> latest;

static void make_report() {
  auto report = std::make_unique<Report>();
  report->lines = 10;
  ++report->errors;
  std::lock_guard<std::mutex> hold(mutex);
  latest = std::move(report);
}

int main() {
  std::thread one(make_report);
  std::thread two(make_report);
  one.join();
  two.join();
}
