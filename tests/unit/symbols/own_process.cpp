#include "tests/unit/symbols/own_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>

namespace gordian::symbols::test {

std::vector<Mapping> own_mappings() {
  std::vector<Mapping> mappings;
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long start = 0;
    unsigned long end = 0;
    unsigned long offset = 0;
    int path_at = 0;
    if (std::sscanf(line.c_str(), "%lx-%lx %*s %lx %*s %*s %n", &start, &end, &offset, &path_at) < 3)
      continue;
    mappings.push_back({start, end, offset, line.substr(static_cast<size_t>(path_at)), {}});
  }
  return mappings;
}

std::string own_program() {
  return std::filesystem::read_symlink("/proc/self/exe").string();
}

std::vector<Mapping> own_mappings_of(const std::string& path, std::vector<uint8_t> build_id) {
  std::vector<Mapping> mappings = own_mappings();
  const std::string program = own_program();
  for (Mapping& mapping : mappings) {
    if (mapping.path != program) continue;
    mapping.path = path;
    mapping.build_id = build_id;
  }
  return mappings;
}

TemporaryDirectory::TemporaryDirectory() {
  std::string pattern = (std::filesystem::temp_directory_path() / "gordian-symbols-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
  path_ = pattern;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

bool run(const std::vector<std::string>& command, std::string* output) {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return false;
  std::vector<char*> arguments;
  for (const std::string& argument : command) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  pid_t child = 0;
  const int failed = posix_spawnp(&child, arguments[0], &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  char buffer[4096];
  for (ssize_t got; failed == 0 && (got = read(ends[0], buffer, sizeof buffer)) > 0;) {
    if (output != nullptr) output->append(buffer, static_cast<size_t>(got));
  }
  close(ends[0]);
  int status = 0;
  return failed == 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace gordian::symbols::test
