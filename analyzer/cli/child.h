// The program under watch, as a child process that notices nothing of its parent.
//
// Promises: the child runs in the launcher's session and process group with its standard streams, signal
// dispositions and signal mask as the launcher found them. While it runs the launcher ignores SIGINT and
// SIGQUIT, which the terminal sends to both; passes SIGTERM and SIGHUP on to it (unless they were ignored
// before, as under nohup); and ignores SIGPIPE. Nothing ties the child's life to the launcher's: a killed
// launcher leaves it running. One at a time, since signal handlers are the process's. Throws Refusal when the
// program cannot be executed.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "analyzer/record/control.h"

namespace gordian::cli {

struct Launch {
  std::string file;                                              // what is executed
  std::vector<std::string> arguments;                            // from the program's own name on
  std::vector<std::pair<std::string, std::string>> environment;  // set on top of the launcher's own
  bool own_group = false;  // leads a process group of its own, that can be killed as one
  bool silent = false;     // its standard output and error go nowhere
};

class Child {
 public:
  // `control.news` rises when the child ends, so that a launcher that waits on it wakes.
  Child(const Launch& launch, record::Control& control);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }

  // The wait status, once it has ended. Never blocks.
  std::optional<int> ended();

 private:
  pid_t pid_ = 0;
  std::optional<int> status_;
};

// What a shell would report: the exit code, or 128 and the signal.
int exit_code_of(int wait_status);

// Sleeps until `control.news` differs from `seen`, or for 100 ms.
void wait_for_news(record::Control& control, uint32_t seen);

uint32_t read_news(record::Control& control);

}  // namespace gordian::cli
