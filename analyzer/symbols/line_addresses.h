// From a line of the source to the code that was made of it.
//
// Promises: reads the file's debug information, or its separate debug file, and nothing else; nothing where
// there is none. Addresses are those of the file. A file name matches by as many of its last parts as the
// shorter one has. Source: DWARF 5, section 6.2.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace gordian::symbols {

struct SourcePlace {
  std::string file;
  uint32_t line = 0;
};

struct CodeRange {
  uint64_t low = 0;
  uint64_t high = 0;  // one past the end
};

// Those of all places together, sorted, without overlaps.
std::vector<CodeRange> code_of(const std::string& module, const std::vector<SourcePlace>& places);

}  // namespace gordian::symbols
