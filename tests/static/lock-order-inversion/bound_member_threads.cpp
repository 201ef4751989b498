// Threads that start in member functions of one object.
// FLAGS: -std=c++11
#include <mutex>
#include <thread>

class Server {
 public:
  void run() {
    std::thread reader(&Server::read, this);
    std::thread writer(&Server::write, this);
    reader.join();
    writer.join();
  }

 private:
  void read() {
    std::lock_guard<std::mutex> outer(in_);
    std::lock_guard<std::mutex> inner(out_);  // EXPECT: lock-order-inversion
    ++packets_;
  }
  void write() {
    std::lock_guard<std::mutex> outer(out_);
    std::lock_guard<std::mutex> inner(in_);  // EXPECT: lock-order-inversion
    ++packets_;
  }
  std::mutex in_;
  std::mutex out_;
  long packets_ = 0;
};

void serve(Server& server) {
  server.run();
}
