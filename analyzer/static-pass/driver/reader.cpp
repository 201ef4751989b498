#include "analyzer/static-pass/driver/reader.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "analyzer/static-pass/summary/wire.h"

namespace gordian::check {
namespace {

namespace fs = std::filesystem;

constexpr rlim_t kStack = rlim_t{256} << 20;  // deep expressions and templates are walked by recursion

void limit(int resource, rlim_t value) {
  rlimit bound{};
  getrlimit(static_cast<__rlimit_resource>(resource), &bound);
  bound.rlim_cur = std::min(value, bound.rlim_max);
  setrlimit(static_cast<__rlimit_resource>(resource), &bound);
}

// In the child, between fork and exec: system calls only.
[[noreturn]] void become_reader(const char* program, int channel, const ReaderBounds& bounds) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(channel, STDIN_FILENO);
  dup2(channel, STDOUT_FILENO);
  const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nowhere, STDERR_FILENO);  // clang prints what it crashes on
  limit(RLIMIT_STACK, kStack);
  limit(RLIMIT_AS, bounds.memory);
  limit(RLIMIT_CORE, 0);
  execl(program, program, static_cast<char*>(nullptr));
  _exit(127);
}

}  // namespace

std::string find_reader() {
  std::error_code error;
  const fs::path here = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const fs::path& directory :
       {here, here / ".." / GORDIAN_LIBRARY_DIRECTORY / "gordian", here / ".." / "lib" / "gordian"}) {
    const fs::path program = directory / "gordian-read-unit";
    if (access(program.c_str(), X_OK) == 0) return program.lexically_normal().string();
  }
  return {};
}

Reader::~Reader() {
  end(false);
}

bool Reader::start() {
  int both[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, both) != 0) return false;
  process_ = fork();
  if (process_ == 0) become_reader(program_.c_str(), both[1], bounds_);
  close(both[1]);
  channel_ = both[0];
  return process_ > 0;
}

bool Reader::wait_for_answer() const {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(bounds_.seconds);
  while (true) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd channel{channel_, POLLIN, 0};
    const int ready = poll(&channel, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

// How it ended, in words; empty when it ended by itself.
std::string Reader::end(bool kill_it) {
  if (process_ <= 0) return {};
  if (kill_it) kill(process_, SIGKILL);
  close(channel_);
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) {
  }
  process_ = -1;
  channel_ = -1;
  if (WIFSIGNALED(status)) return std::string("ended by signal ") + strsignal(WTERMSIG(status));
  return WEXITSTATUS(status) == 0 ? "" : "ended with status " + std::to_string(WEXITSTATUS(status));
}

std::optional<std::string> Reader::read(const CompileCommand& command, std::string& error) {
  std::vector<std::string> words = {command.directory, command.file};
  words.insert(words.end(), command.arguments.begin(), command.arguments.end());
  if (process_ <= 0 && !start()) {
    error = std::string("cannot start ") + program_ + ": " + std::strerror(errno);
    return std::nullopt;
  }
  if (send_texts(channel_, words)) {
    if (!wait_for_answer()) {
      end(true);
      error = "not read within " + std::to_string(bounds_.seconds) + " s";
      return std::nullopt;
    }
    std::optional<std::vector<std::string>> answer = receive_texts(channel_);
    if (answer && answer->size() == 1) return std::move(answer->front());
  }
  const std::string how = end(false);
  error = "the parser crashed on it or needed more than " + std::to_string(bounds_.memory >> 20) + " MiB" +
          (how.empty() ? "" : " (" + how + ")");
  return std::nullopt;
}

}  // namespace gordian::check
