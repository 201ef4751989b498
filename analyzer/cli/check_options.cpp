#include "analyzer/cli/check_options.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "analyzer/cli/error.h"

namespace gordian::cli {
namespace {

namespace fs = std::filesystem;
using finding::RuleId;

constexpr const char* kDatabase = "compile_commands.json";
constexpr const char* kHowToGetOne =
    "cmake writes one with -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, meson always, other builds by bear -- make";

std::string find_database(const std::string& wanted) {
  std::error_code error;
  if (!wanted.empty()) {
    const fs::path path = wanted;
    if (!fs::exists(path, error))
      throw Refusal(fmt::format("{}: no such file or directory; give a {} or its directory with -p", wanted,
                                kDatabase));
    if (fs::is_directory(path, error) && !fs::is_regular_file(path / kDatabase, error))
      throw Refusal(fmt::format("{} holds no {}; {}", wanted, kDatabase, kHowToGetOne));
    return wanted;
  }
  for (const char* directory : {".", "build"}) {
    if (fs::is_regular_file(fs::path(directory) / kDatabase, error)) return directory;
  }
  throw Refusal(fmt::format("there is no {} here or in ./build; name its directory with -p ({})", kDatabase,
                            kHowToGetOne));
}

RuleId static_rule(const std::string& name) {
  const auto rule = finding::rule_from(name);
  if (!rule || !static_rules().contains(*rule))
    throw Refusal(
        fmt::format("gordian check does not look for {}; gordian check --list-rules names what it "
                    "looks for",
                    name));
  return *rule;
}

std::set<RuleId> chosen_rules(const CheckCommand& command) {
  std::set<RuleId> chosen;
  for (const std::string& name : command.rules) chosen.insert(static_rule(name));
  if (command.disabled.empty()) return chosen;
  if (chosen.empty()) chosen = static_rules();
  for (const std::string& name : command.disabled) chosen.erase(static_rule(name));
  if (chosen.empty()) throw Refusal("every rule is disabled; leave one, or check nothing");
  return chosen;
}

// An absolute path, or nothing.
std::string directory_from(const char* variable) {
  const char* value = std::getenv(variable);
  return value != nullptr && *value == '/' ? value : "";
}

}  // namespace

const std::set<RuleId>& static_rules() {
  static const std::set<RuleId> kRules = {RuleId::kLockOrderInversion,     RuleId::kDoubleLock,
                                          RuleId::kMissingUnlock,          RuleId::kUnlockNotHeld,
                                          RuleId::kConditionMutexMismatch, RuleId::kWaitWithoutLoop,
                                          RuleId::kBlockingUnderLock,      RuleId::kLockAcrossCoAwait,
                                          RuleId::kUnnamedGuard,           RuleId::kDataRace};
  return kRules;
}

// XDG Base Directory Specification: a path that is not absolute is passed over.
std::string user_cache_directory() {
  if (const std::string caches = directory_from("XDG_CACHE_HOME"); !caches.empty())
    return caches + "/gordian";
  if (const std::string home = directory_from("HOME"); !home.empty()) return home + "/.cache/gordian";
  return "";
}

check::CheckOptions pass_options_of(const CheckCommand& command) {
  check::CheckOptions options;
  options.database = find_database(command.database);
  options.files = command.files;
  options.jobs = command.jobs;
  if (!command.no_cache)
    options.cache_directory =
        command.cache_directory.empty() ? user_cache_directory() : command.cache_directory;
  options.model_files = command.model_files;
  options.rules = chosen_rules(command);
  return options;
}

}  // namespace gordian::cli
