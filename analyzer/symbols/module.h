// One mapped file at one load bias: everything that can be said about the addresses in it.
//
// Promises: opens the debug information on first use; what goes wrong is in `problem()`, and the answers are
// then less precise, never wrong. Addresses are those of the process.
#pragma once

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/symbols/data_symbols.h"
#include "analyzer/symbols/elf_image.h"
#include "analyzer/symbols/symbolizer.h"
#include "analyzer/symbols/unit_index.h"

namespace gordian::symbols {

class Module {
 public:
  Module(std::string path, const ElfImage& image, uint64_t bias);

  const std::string& path() const { return path_; }
  uint64_t bias() const { return bias_; }

  // Function, position and `inlined` of each frame; empty when nothing is known.
  std::vector<finding::Frame> frames_at(uint64_t address);

  // Its function (not one that is inlined there), neither parameters nor template arguments; or empty.
  std::string function_at(uint64_t address);

  std::optional<VariableName> variable_at(uint64_t address);

  // Why the answers are less than they could be; empty when there is nothing to tell. Known after the first
  // question.
  const std::string& problem() const { return problem_; }

 private:
  struct EndSession {
    void operator()(Dwfl* session) const { dwfl_end(session); }
  };

  void open();
  std::string symbol_at(uint64_t address);
  std::string name_of(const Variable& variable, const std::string& symbol);

  std::string path_;
  const ElfImage& image_;
  uint64_t bias_;
  bool opened_ = false;
  std::string problem_;
  std::unique_ptr<Dwfl, EndSession> session_;
  Dwfl_Module* module_ = nullptr;
  Dwarf_Addr dwarf_bias_ = 0;
  std::optional<UnitIndex> units_;
  std::optional<DataSymbols> data_symbols_;
};

}  // namespace gordian::symbols
