#include <fmt/format.h>

#include <memory>

#include "analyzer/cli/commands.h"
#include "analyzer/cli/error.h"

namespace gordian::cli {
namespace {

constexpr const char* kDescription =
    "Gordian finds deadlocks and data races in native Linux programs.\n"
    "\n"
    "  gordian run -- ./app        watch a program; tell a deadlock the moment it happens\n"
    "  gordian check -p build      what the source code does wrong with locks and threads\n"
    "  gordian inspect RECORD      who holds what and who waits for whom\n"
    "  gordian report RECORD...    the findings of one or more flight records\n"
    "  gordian confirm REPORT -- ./app   make the possible deadlocks of a report happen\n"
    "  gordian predict TRACE...    the deadlocks that a recorded trace could have run into\n"
    "  gordian watch PID           who waits for whom, and which locks are fought over, in a terminal";

// The wrong command's name is known by the time the parser gives up, so its help page can be named.
std::string chosen_command(const CLI::App& app) {
  const auto chosen = app.get_subcommands();
  return chosen.empty() ? "" : chosen.front()->get_name() + ' ';
}

// Said here, since the parser would only miss a command and not name the wrong one.
void check_command(const CLI::App& app, const Arguments& arguments) {
  if (arguments.own.empty()) throw Refusal("no command given; try gordian --help");
  const std::string& first = arguments.own.front();
  if (first == "-h" || first == "--help" || first == "--version") return;
  if (first.starts_with('-')) throw Refusal(fmt::format("there is no option {}; try gordian --help", first));
  for (const CLI::App* command : app.get_subcommands(nullptr)) {
    if (command->get_name() == first) return;
  }
  throw Refusal(fmt::format("there is no command \"{}\"; try gordian --help", first));
}

class UsageFormatter : public CLI::Formatter {
 public:
  explicit UsageFormatter(std::string usage) : usage_(std::move(usage)) {}
  std::string make_usage(const CLI::App*, std::string) const override { return "Usage: " + usage_ + '\n'; }

  // `--fail-on GRADE (possible)`; the choices stand in the description.
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_expected_max() == 0 || option->get_type_size() == 0) return "";
    const std::string standard = option->get_default_str();
    return ' ' + option->get_type_name().substr(0, option->get_type_name().find(':')) +
           (standard.empty() ? "" : " (" + standard + ')');
  }

 private:
  std::string usage_;
};

}  // namespace

void set_usage(CLI::App& command, const std::string& usage) {
  auto formatter = std::make_shared<UsageFormatter>(usage);
  formatter->column_width(34);
  command.formatter(formatter);
}

Arguments split_arguments(int argc, char** argv) {
  Arguments result;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (result.has_dashes) {
      result.after_dashes.push_back(argument);
    } else if (argument == "--") {
      result.has_dashes = true;
    } else {
      result.own.push_back(argument);
    }
  }
  return result;
}

int run_command_line(int argc, char** argv) {
  const Arguments arguments = split_arguments(argc, argv);
  CLI::App app(kDescription, "gordian");
  Action action;
  app.set_version_flag("--version", "gordian " GORDIAN_VERSION, "Print the version and exit");
  app.set_help_flag("-h,--help", "Print this help and exit");
  app.require_subcommand(1);
  set_usage(app, "gordian COMMAND [OPTIONS]");
  add_run(app, action, arguments);
  add_check(app, action);
  add_inspect(app, action);
  add_report(app, action);
  add_confirm(app, action, arguments);
  add_predict(app, action);
  add_watch(app, action);
  check_command(app, arguments);
  try {
    std::vector<std::string> reversed(arguments.own.rbegin(), arguments.own.rend());
    app.parse(reversed);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    throw Refusal(fmt::format("{}; try gordian {}--help", error.what(), chosen_command(app)));
  }
  return action();
}

}  // namespace gordian::cli
