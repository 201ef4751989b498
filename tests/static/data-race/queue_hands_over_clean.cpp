// A message goes through a queue under a lock; only who has it touches it.
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

struct Message {
  int number = 0;
  int replies = 0;
};

static std::mutex mutex;
static std::condition_variable filled;
static std::deque<std::unique_ptr<Message>> messages;

static void consume() {
  std::unique_ptr<Message> message;
  {
    std::unique_lock<std::mutex> lock(mutex);
    filled.wait(lock, [] { return !messages.empty(); });
    message = std::move(messages.front());
    messages.pop_front();
  }
  message->replies = message->number;
}

int main() {
  std::thread consumer(consume);
  auto message = std::make_unique<Message>();
  message->number = 7;
  {
    std::lock_guard<std::mutex> lock(mutex);
    messages.push_back(std::move(message));
    filled.notify_one();
  }
  consumer.join();
}
