#include "analyzer/static-pass/driver/database.h"

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "analyzer/static-pass/check.h"

namespace gordian::check {
namespace {

namespace fs = std::filesystem;

fs::path find_database(const std::string& path) {
  std::error_code error;
  if (fs::is_regular_file(path, error)) return path;
  for (const char* below : {"compile_commands.json", "build/compile_commands.json"}) {
    if (fs::is_regular_file(fs::path(path) / below, error)) return fs::path(path) / below;
  }
  throw CheckError("no compile_commands.json in " + path +
                   " or its build/; have one written (cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, or bear) and "
                   "name it or its directory");
}

// As a POSIX shell splits a command: quotes and backslashes, and nothing else of its language.
std::vector<std::string> split_command(const std::string& command) {
  std::vector<std::string> words;
  bool in_word = false;
  char quote = 0;
  for (size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (quote == 0 && (c == ' ' || c == '\t' || c == '\n')) {
      in_word = false;
      continue;
    }
    if (!in_word) words.emplace_back();
    in_word = true;
    if (c == quote) {
      quote = 0;
    } else if (quote == 0 && (c == '\'' || c == '"')) {
      quote = c;
    } else if (c == '\\' && i + 1 < command.size() &&
               (quote == 0 || (quote == '"' &&
                               std::string_view("\"\\$`").find(command[i + 1]) != std::string_view::npos))) {
      words.back() += command[++i];
    } else {
      words.back() += c;
    }
  }
  return words;
}

CompileCommand read_entry(const nlohmann::json& entry, const fs::path& database, size_t number) {
  const auto refuse = [&](const std::string& what) -> CheckError {
    return CheckError(database.string() + ": entry " + std::to_string(number) + " " + what +
                      "; write the database anew");
  };
  CompileCommand command;
  try {
    const fs::path base = fs::absolute(database).parent_path();
    command.directory = (base / entry.value("directory", ".")).lexically_normal().string();
    command.file = (fs::path(command.directory) / entry.at("file").get<std::string>()).lexically_normal();
    if (entry.contains("arguments")) {
      command.arguments = entry["arguments"].get<std::vector<std::string>>();
    } else {
      command.arguments = split_command(entry.at("command").get<std::string>());
    }
  } catch (const nlohmann::json::exception&) {
    throw refuse("lacks a file, or a command or arguments");
  }
  if (command.arguments.empty()) throw refuse("has an empty command");
  return command;
}

bool is_below(const std::string& file, const std::string& directory) {
  return file.starts_with(directory.ends_with('/') ? directory : directory + '/');
}

}  // namespace

Database read_database(const std::string& path) {
  const fs::path file = find_database(path);
  std::ifstream stream(file);
  if (!stream) throw CheckError("cannot read " + file.string() + "; check its permissions");
  const nlohmann::json entries = nlohmann::json::parse(stream, nullptr, false);
  if (!entries.is_array())
    throw CheckError(file.string() + " is not a compilation database: a JSON array of commands is wanted");

  Database database;
  std::set<std::string> seen;
  std::set<std::string> told;
  size_t number = 0;
  for (const nlohmann::json& entry : entries) {
    CompileCommand command = read_entry(entry, file, ++number);
    if (seen.insert(command.file).second) {
      database.commands.push_back(std::move(command));
    } else if (told.insert(command.file).second) {
      database.repeated.push_back(command.file);
    }
  }
  return database;
}

std::vector<CompileCommand> choose(const Database& database, const std::vector<std::string>& files) {
  if (files.empty()) return database.commands;
  std::set<std::string> wanted;
  for (const std::string& file : files) {
    std::string path = fs::absolute(file).lexically_normal().string();
    if (path.size() > 1 && path.ends_with('/')) path.pop_back();
    bool known = false;
    for (const CompileCommand& command : database.commands) {
      if (command.file != path && !is_below(command.file, path)) continue;
      known = true;
      wanted.insert(command.file);
    }
    if (!known)
      throw CheckError(file + " is not in the compilation database; name a source file that it has");
  }
  std::vector<CompileCommand> chosen;
  for (const CompileCommand& command : database.commands)
    if (wanted.contains(command.file)) chosen.push_back(command);
  return chosen;
}

}  // namespace gordian::check
