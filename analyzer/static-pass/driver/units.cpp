#include "analyzer/static-pass/driver/units.h"
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <filesystem>
#include <optional>
#include "analyzer/static-pass/driver/database.h"
#include "analyzer/static-pass/summary/archive.h"
#include "analyzer/static-pass/summary/wire.h"
namespace gordian::check {
std::vector<Unit> parse_units(const CheckOptions& options, std::vector<FailedUnit>& failed, size_t& from_cache) {
  from_cache = 0;
  const Database database = read_database(options.database);
  const std::vector<CompileCommand> commands = options.files.empty() ? database.commands : choose(database, options.files);
  std::vector<Unit> units;
  const std::string reader = (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "gordian-read-unit").string();
  constexpr size_t kJobs = 2;
  struct Job { int fd; pid_t pid; size_t index; };
  std::vector<std::optional<Unit>> results(commands.size());
  std::vector<pid_t> pids; std::vector<int> fds;
  size_t jobs = std::min(kJobs, commands.size());
  for (size_t j = 0; j < jobs; ++j) {
    int pair[2]; socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
    pid_t pid = fork();
    if (pid == 0) { dup2(pair[1], 0); dup2(pair[1], 1); execl(reader.c_str(), reader.c_str(), nullptr); _exit(127); }
    close(pair[1]); fds.push_back(pair[0]); pids.push_back(pid);
  }
  for (size_t i = 0; i < commands.size(); i += jobs) {
    for (size_t j = 0; j < jobs && i + j < commands.size(); ++j) {
      std::vector<std::string> words{commands[i+j].directory, commands[i+j].file};
      words.insert(words.end(), commands[i+j].arguments.begin(), commands[i+j].arguments.end());
      send_texts(fds[j], words);
    }
    for (size_t j = 0; j < jobs && i + j < commands.size(); ++j) {
      auto texts = receive_texts(fds[j]);
      if (!texts) { failed.push_back({commands[i+j].file, "reader died"}); 
        int pair[2]; socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
        pid_t pid = fork();
        if (pid == 0) { dup2(pair[1], 0); dup2(pair[1], 1); execl(reader.c_str(), reader.c_str(), nullptr); _exit(127); }
        close(pair[1]); fds[j]=pair[0];
        continue; }
      auto unit = read_unit(texts->front());
      if (!unit) { failed.push_back({commands[i+j].file, "unreadable"}); continue; }
      if (!unit->error.empty()) failed.push_back({commands[i+j].file, unit->error});
      else units.push_back(std::move(*unit));
    }
  }
  for (int fd : fds) close(fd);
  for (pid_t pid : pids) waitpid(pid, nullptr, 0);
  return units;
}
}  // namespace gordian::check
