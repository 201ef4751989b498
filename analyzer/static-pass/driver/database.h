// The compilation database: which units there are, and how each is compiled.
//
// Source: clang's "JSON Compilation Database Format Specification"; both forms of an entry, `arguments` and
// `command`.
// Errors: CheckError where there is no database or it cannot be read; an entry that makes no sense is an
// error too, with its number.
#pragma once

#include <string>
#include <vector>

namespace gordian::check {

struct CompileCommand {
  std::string directory;               // absolute
  std::string file;                    // absolute, without `.` and `..`
  std::vector<std::string> arguments;  // as in the database, the compiler first
};

struct Database {
  std::vector<CompileCommand> commands;  // in the order of the database; one a file
  std::vector<std::string> repeated;     // files that have further commands, which are left out
};

// `path`: the file, or a directory that has it as compile_commands.json, directly or in build/.
Database read_database(const std::string& path);

// Those that the user names: a path of a file, or of a directory, which stands for all files below it.
// Throws where a name fits nothing.
std::vector<CompileCommand> choose(const Database& database, const std::vector<std::string>& files);

}  // namespace gordian::check
