#include <fmt/format.h>

#include <memory>

#include "analyzer/cli/check_options.h"
#include "analyzer/cli/commands.h"
#include "analyzer/cli/error.h"
#include "analyzer/cli/output.h"
#include "analyzer/report/rule_pages.h"
#include "analyzer/report/rule_texts.h"

namespace gordian::cli {
namespace {

check::CheckResult run_static_pass([[maybe_unused]] const check::CheckOptions& options) {
#ifdef GORDIAN_HAS_STATIC_PASS
  return check::check(options);
#else
  throw Refusal("this gordian was built without its static pass; configure it with GORDIAN_STATIC_PASS=ON");
#endif
}

// The formatter of this page shows nothing of what `check` would add to the description.
std::string known_rule(const std::string& name) {
  if (finding::rule_from(name)) return "";
  return fmt::format("there is no rule \"{}\"; gordian check --list-rules names them", name);
}

void add_what_to_check(CLI::App& command, CheckCommand& options) {
  command
      .add_option("FILES", options.files, "Check these source files alone; all of the database unless told")
      ->type_name("");
  command
      .add_option("-p,--database", options.database,
                  "A compile_commands.json, or a directory that has one; . and ./build unless told")
      ->type_name("BUILD");
  command.add_option("-j,--jobs", options.jobs, "Files to parse at once; one a processor unless told")
      ->type_name("N")
      ->check(CLI::Range(1, 4096));
  CLI::Option* cache = command
                           .add_option("--cache", options.cache_directory,
                                       "Keep what was read of each file here; ~/.cache/gordian unless told")
                           ->type_name("DIR");
  command.add_flag("--no-cache", options.no_cache, "Read every file anew and keep nothing")->excludes(cache);
  command
      .add_option("--model", options.model_files,
                  "What the functions of a library do to locks, in gordian's words; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command.add_option("--rule", options.rules, "Look for this rule alone; may be repeated")
      ->type_name("RULE")
      ->allow_extra_args(false)
      ->check(known_rule);
  command.add_option("--disable", options.disabled, "Do not look for this rule; may be repeated")
      ->type_name("RULE")
      ->allow_extra_args(false)
      ->check(known_rule);
}

void add_what_to_show(CLI::App& command, CheckCommand& options, std::string& fail_on) {
  ReportOptions& output = options.output;
  add_output_options(command, output);
  add_fail_on_option(command, fail_on);
  add_filter_options(command, output.filters);
  CLI::Option* write_baseline =
      command.add_option("--write-baseline", output.write_baseline, "Leave the findings here for --baseline")
          ->type_name("FILE");
  CLI::Option* changed =
      command
          .add_option("--changed-since", options.changed_since,
                      "Only findings that go through functions that differ from this revision of git")
          ->type_name("REV");
  command
      .add_flag("--lock-order-graph", output.lock_order_graph,
                "Show which lock is asked for while which is held, and no findings")
      ->excludes(write_baseline)
      ->excludes(changed)
      ->excludes(command.get_option("--baseline"));
}

int explain(const std::string& name) {
  write_output("", report::rule_page(*finding::rule_from(name)));
  return kExitNothing;
}

int list_rules() {
  std::string list;
  for (finding::RuleId rule : static_rules())
    list += fmt::format("{:<26}{}\n", name_of(rule), report::text_of(rule).summary);
  write_output("", list);
  return kExitNothing;
}

}  // namespace

void add_check(CLI::App& app, Action& action) {
  CLI::App* command =
      app.add_subcommand("check", "Tell what the source code does wrong with locks and threads");
  set_usage(*command, "gordian check [OPTIONS] [-p BUILD] [FILES]");
  auto options = std::make_shared<CheckCommand>();
  auto fail_on = std::make_shared<std::string>("possible");
  auto explained = std::make_shared<std::string>();
  auto wants_list = std::make_shared<bool>(false);
  add_what_to_check(*command, *options);
  add_what_to_show(*command, *options, *fail_on);
  command->add_option("--explain", *explained, "Print what a rule is about, and check nothing")
      ->type_name("RULE")
      ->check(known_rule);
  command->add_flag("--list-rules", *wants_list, "Print the rules that are looked for, and check nothing");
  command->callback([=, &action] {
    options->output.fail_on = *finding::grade_from(*fail_on);
    action = [=] {
      if (!explained->empty()) return explain(*explained);
      return *wants_list ? list_rules() : check_program(*options, run_static_pass);
    };
  });
}

}  // namespace gordian::cli
