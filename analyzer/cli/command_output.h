// Another program's output, whole.
#pragma once

#include <string>
#include <vector>

namespace gordian::cli {

struct CommandOutput {
  int exit_code = -1;  // -1: it could not be started, or a signal ended it
  std::string text;
  std::string error;  // what it wrote to standard error
};

// Runs the program, which is looked for in PATH, with nothing to read, and waits for its end. It does not get
// the variables that are named in `not_inherited`.
CommandOutput output_of(const std::vector<std::string>& command,
                        const std::vector<std::string>& not_inherited);

}  // namespace gordian::cli
