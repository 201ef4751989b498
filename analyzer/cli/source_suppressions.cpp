#include "analyzer/cli/source_suppressions.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "analyzer/cli/output.h"
#include "analyzer/cli/source_file.h"
#include "analyzer/finding/inline_suppressions.h"
#include "analyzer/report/escape.h"

namespace gordian::cli {

namespace fs = std::filesystem;

std::vector<std::string> apply_source_suppressions(finding::Report& report,
                                                   const std::vector<std::string>& more,
                                                   const std::set<finding::RuleId>& rules) {
  std::set<std::string> files(more.begin(), more.end());
  for (const finding::Finding& finding : report.findings) {
    for (const finding::Frame& place : finding::own_places(finding)) files.insert(place.file);
  }
  std::vector<finding::InlineSuppression> suppressions;
  for (const std::string& file : files) {
    finding::InlineSuppressions found = finding::parse_inline_suppressions(read_source_file(file), file);
    for (const std::string& problem : found.problems)
      tell(fmt::format("gordian: {}\n", report::printable(problem)));
    std::ranges::move(found.suppressions, std::back_inserter(suppressions));
  }
  finding::apply(suppressions, report);
  std::vector<std::string> unused;
  for (const finding::InlineSuppression& each : suppressions) {
    const bool was_looked_for = rules.empty() || std::ranges::all_of(each.rules, [&](finding::RuleId rule) {
                                  return rules.contains(rule);
                                });
    if (!each.is_used && was_looked_for)
      unused.push_back(fmt::format("{}:{}: this suppression matched nothing", each.file, each.line));
  }
  return unused;
}

std::vector<std::string> files_of_database(const std::string& database) {
  const fs::path path =
      fs::is_directory(database) ? fs::path(database) / "compile_commands.json" : fs::path(database);
  const nlohmann::json json = nlohmann::json::parse(read_source_file(path.string()), nullptr, false);
  std::vector<std::string> files;
  if (!json.is_array()) return files;
  for (const nlohmann::json& entry : json) {
    if (!entry.is_object() || !entry.contains("file") || !entry["file"].is_string()) continue;
    const std::string directory = entry.contains("directory") && entry["directory"].is_string()
                                      ? entry["directory"].get<std::string>()
                                      : path.parent_path().string();
    files.push_back((fs::path(directory) / entry["file"].get<std::string>()).lexically_normal().string());
  }
  return files;
}

}  // namespace gordian::cli
