// The Python frames of one thread state.
//
// Promises: bounded (a chain that loops is torn, one that is too long says how much is left out); each
// object's type is checked before it is believed. Source: CPython's Include/internal/pycore_frame.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "analyzer/capture/python_layout.h"
#include "analyzer/capture/python_memory.h"
#include "analyzer/finding/finding.h"

namespace gordian::capture {

class PythonStackReader {
 public:
  PythonStackReader(PythonMemory& memory, const PythonLayout& layout) : memory_(memory), layout_(layout) {}

  // `thread` is the address of a PyThreadState. Empty when its structures cannot be read or kept changing.
  std::optional<finding::Stack> stack_of(uint64_t thread);

 private:
  struct Code {
    finding::Frame frame;
    int64_t first_line = 0;
    int64_t first_traceable = 0;
    std::vector<uint8_t> lines;
  };

  std::optional<uint64_t> innermost_frame(uint64_t thread);
  std::optional<finding::Stack> walk(uint64_t frame);
  bool add(uint64_t frame, finding::Stack& stack);
  const Code* code_at(uint64_t address);

  PythonMemory& memory_;
  const PythonLayout& layout_;
  std::map<uint64_t, Code> codes_;
};

}  // namespace gordian::capture
