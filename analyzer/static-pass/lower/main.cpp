// The program that reads units for `gordian check`: commands come in on standard input, archived units go out
// on standard output, one for one. `gordian-read-unit --dump FILE -- COMPILER FLAGS...` shows a person what
// is read of one file.
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "analyzer/static-pass/lower/lower.h"
#include "analyzer/static-pass/summary/archive.h"
#include "analyzer/static-pass/summary/dump.h"
#include "analyzer/static-pass/summary/wire.h"

namespace {

using namespace gordian::check;

int dump_one(const std::vector<std::string>& words) {
  CompileCommand command;
  command.directory = std::filesystem::current_path();
  command.file = std::filesystem::absolute(words[1]).lexically_normal();
  command.arguments.assign(words.begin() + 3, words.end());
  command.arguments.push_back(command.file);
  const Unit unit = lower_unit(command);
  std::fputs(dump(unit).c_str(), stdout);
  return unit.error.empty() ? 0 : 1;
}

int serve() {
  while (const std::optional<std::vector<std::string>> words = receive_texts(STDIN_FILENO)) {
    if (words->size() < 3) return 2;
    const CompileCommand command{(*words)[0], (*words)[1], {words->begin() + 2, words->end()}};
    if (!send_texts(STDOUT_FILENO, {write_unit(lower_unit(command))})) return 1;
  }
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> words(argv + 1, argv + argc);
  if (words.empty()) return serve();
  if (words.size() > 3 && words[0] == "--dump" && words[2] == "--") return dump_one(words);
  std::fputs("usage: gordian-read-unit --dump FILE -- COMPILER FLAGS...\n", stderr);
  return 2;
}
