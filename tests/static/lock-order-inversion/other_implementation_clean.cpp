// The virtual call under the lock cannot reach the class that takes the other lock.
#include <mutex>

struct Sink {
  virtual ~Sink() = default;
  virtual void put(int value) = 0;
};

struct Source {
  virtual ~Source() = default;
  virtual int get() = 0;
};

static std::mutex stream, device;
static int last;

struct Memory final : Sink {
  void put(int value) override { last = value; }
};

struct Device final : Source {
  int get() override {
    std::lock_guard<std::mutex> hold(device);
    return 1;
  }
};

void write(Memory& memory, int value) {
  std::lock_guard<std::mutex> hold(stream);
  Sink& sink = memory;
  sink.put(value);
}

int open() {
  std::lock_guard<std::mutex> outer(device);
  std::lock_guard<std::mutex> inner(stream);
  return last;
}

int read(Source& source) {
  return source.get();
}
