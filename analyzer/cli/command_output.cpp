#include "analyzer/cli/command_output.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "analyzer/cli/output.h"

namespace gordian::cli {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

std::vector<char*> environment_without(const std::vector<std::string>& names) {
  std::vector<char*> result;
  for (char** each = environ; *each != nullptr; ++each) {
    const std::string_view entry = *each;
    const std::string_view name = entry.substr(0, entry.find('='));
    if (std::ranges::find(names, name) == names.end()) result.push_back(*each);
  }
  result.push_back(nullptr);
  return result;
}

std::string content_of(const Descriptor& file) {
  std::string content;
  char part[4096];
  lseek(file.number(), 0, SEEK_SET);
  for (ssize_t got = 0; (got = read(file.number(), part, sizeof part)) > 0;)
    content.append(part, static_cast<size_t>(got));
  return content;
}

}  // namespace

// Both outputs go to files in memory: no pipe can fill up while nobody reads it.
CommandOutput output_of(const std::vector<std::string>& command,
                        const std::vector<std::string>& not_inherited) {
  CommandOutput result;
  const Descriptor text(memfd_create("output", MFD_CLOEXEC));
  const Descriptor error(memfd_create("error", MFD_CLOEXEC));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, text.number(), STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, error.number(), STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& each : command) arguments.push_back(const_cast<char*>(each.c_str()));
  arguments.push_back(nullptr);
  pid_t child = 0;
  const int failure = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(),
                                   environment_without(not_inherited).data());
  posix_spawn_file_actions_destroy(&actions);
  if (failure != 0) {
    result.error = "cannot run " + command[0] + ": " + error_text(failure);
    return result;
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status)) result.exit_code = WEXITSTATUS(status);
  result.text = content_of(text);
  result.error = content_of(error);
  return result;
}

}  // namespace gordian::cli
