// What the symbol tests know about the process that they run in, and copies of its program to do things to.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "analyzer/symbols/symbolizer.h"

namespace gordian::symbols::test {

std::vector<Mapping> own_mappings();

std::string own_program();

// The own mappings, as if `path` had been loaded instead of this program.
std::vector<Mapping> own_mappings_of(const std::string& path, std::vector<uint8_t> build_id = {});

// A directory that is removed with everything in it.
class TemporaryDirectory {
 public:
  TemporaryDirectory();
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

// Runs a program with the given arguments; true when it ended with status 0. `output` takes its stdout.
bool run(const std::vector<std::string>& command, std::string* output = nullptr);

}  // namespace gordian::symbols::test
