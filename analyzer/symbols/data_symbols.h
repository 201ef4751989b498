// The variables in a module's symbol table, by address.
//
// Promises: of several names for one variable the best for people is chosen, always the same: global before
// local, fewer leading underscores first. Addresses are those of the process. Source: System V ABI, chapter 4
// (symbol table).
#pragma once

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gordian::symbols {

struct DataSymbol {
  uint64_t address = 0;
  uint64_t size = 0;
  std::string name;  // the linker's
  bool is_global = false;
};

class DataSymbols {
 public:
  explicit DataSymbols(Dwfl_Module* module);

  std::optional<DataSymbol> at(uint64_t address) const;

 private:
  std::vector<DataSymbol> symbols_;  // by address
  uint64_t largest_ = 0;
};

}  // namespace gordian::symbols
