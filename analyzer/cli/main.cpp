#include <cstdio>
#include <exception>
#include <string>

#include "analyzer/cli/commands.h"
#include "analyzer/cli/error.h"
#include "analyzer/report/escape.h"

int main(int argc, char** argv) {
  try {
    return gordian::cli::run_command_line(argc, argv);
  } catch (const std::exception& error) {
    const std::string line = "gordian: " + gordian::report::printable(error.what()) + '\n';
    std::fputs(line.c_str(), stderr);
    return gordian::cli::kExitError;
  }
}
