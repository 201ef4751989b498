// The commands. Each file adds its options to the command line and, when it was chosen, sets the action to be
// done after parsing.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <string>
#include <vector>

namespace gordian::cli {

// Does the command and returns the exit code.
using Action = std::function<int()>;

// A command line, with everything from the first "--" on taken out: what follows it belongs to the program to
// be run.
struct Arguments {
  std::vector<std::string> own;
  std::vector<std::string> after_dashes;
  bool has_dashes = false;
};

Arguments split_arguments(int argc, char** argv);

void add_run(CLI::App& app, Action& action, const Arguments& arguments);
void add_check(CLI::App& app, Action& action);
void add_inspect(CLI::App& app, Action& action);
void add_report(CLI::App& app, Action& action);
void add_confirm(CLI::App& app, Action& action, const Arguments& arguments);
void add_predict(CLI::App& app, Action& action);
void add_watch(CLI::App& app, Action& action);

// The usage line of a command's help page.
void set_usage(CLI::App& command, const std::string& usage);

// Parses and does. Returns the exit code; throws std::exception for what main reports as one line.
int run_command_line(int argc, char** argv);

}  // namespace gordian::cli
