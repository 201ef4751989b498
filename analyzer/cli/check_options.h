// What `gordian check` was asked for, and the parts that do it.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "analyzer/cli/report_options.h"
#include "analyzer/static-pass/check.h"

namespace gordian::cli {

struct CheckCommand {
  std::string database;  // a compile_commands.json or its directory; empty: looked for
  std::vector<std::string> files;
  unsigned jobs = 0;
  std::string cache_directory;  // empty: the user's own
  bool no_cache = false;
  std::vector<std::string> model_files;
  std::vector<std::string> rules;     // empty: all
  std::vector<std::string> disabled;  // taken out of them
  std::string changed_since;          // a revision of git; empty: everything
  ReportOptions output;               // its `inputs` and `diff` are not used
};

// The static pass, or what a test has in its stead.
using StaticPass = std::function<check::CheckResult(const check::CheckOptions&)>;

// Returns the exit code.
int check_program(const CheckCommand& command, const StaticPass& pass);

// What the pass is asked for. Throws Refusal, one line, for a database that is not there and for a rule that
// the pass does not look for.
check::CheckOptions pass_options_of(const CheckCommand& command);

// The rules that the static pass looks for.
const std::set<finding::RuleId>& static_rules();

// `$XDG_CACHE_HOME/gordian` or `~/.cache/gordian`; empty where there is neither.
std::string user_cache_directory();

}  // namespace gordian::cli
