// Addresses of a watched process to names: module, function, file:line, inlined frames, global variables.
//
// Promises
//   * Works from a list of mappings alone: the process may be alive or long gone. Nothing is asked of the
//   process.
//   * Never fails: what cannot be named comes back with what is known (module and offset, or the bare
//   address), and
//     `problems()` says why once per module (file gone, build-id differs, no debug information).
//   * Return addresses are looked up one byte before, so that the line is that of the call.
//   * Not thread-safe. Source of the debug information: DWARF through elfutils libdw/libdwfl; separate debug
//   files are found by build-id
//     and .gnu_debuglink under /usr/lib/debug. No network.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::symbols {

struct Mapping {
  uint64_t start = 0;
  uint64_t end = 0;
  uint64_t file_offset = 0;
  std::string path;
  std::vector<uint8_t> build_id;  // empty when not known
  std::string open_at;            // where the file can be opened from here, when that is not its path
};

struct VariableName {
  std::string name;  // `accounts[1].lock`, or `accounts+0x28` without debug information
  std::string file;  // where it is declared, or empty
  uint32_t line = 0;
  std::string module;
  uint64_t module_offset = 0;  // the address as the module's file tells it
};

class Symbolizer {
 public:
  explicit Symbolizer(std::vector<Mapping> mappings);
  ~Symbolizer();
  Symbolizer(Symbolizer&&) noexcept;
  Symbolizer& operator=(Symbolizer&&) noexcept;

  // The frames at one address, innermost inlined frame first; at least one.
  std::vector<finding::Frame> resolve(uint64_t address, bool is_return_address);

  // The global or static variable that `address` lies in, with the path to the member when DWARF tells the
  // type.
  std::optional<VariableName> variable_at(uint64_t address);

  // The function that contains `address`, as a single demangled name without template noise; empty when
  // unknown.
  std::string function_at(uint64_t address);

  // Whether the instruction before `address` is a call; false when the bytes cannot be read.
  bool is_after_call(uint64_t address);

  const std::vector<std::string>& problems() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gordian::symbols
