// The Python frames of one thread state.
//
// Promises: bounded (a chain that loops is torn, one that is too long says how much is left out); each
// object's type is checked before it is believed. Source: CPython's Include/internal/pycore_frame.h.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "analyzer/capture/python_exceptions.h"
#include "analyzer/capture/python_layout.h"
#include "analyzer/capture/python_memory.h"
#include "analyzer/finding/finding.h"

namespace gordian::capture {

struct PythonCode {
  finding::Frame frame;  // without a line
  int64_t first_line = 0;
  int64_t first_traceable = 0;
  uint32_t local_count = 0;
  uint32_t stack_size = 0;
  std::vector<uint8_t> lines;
  std::vector<PythonHandler> handlers;

  finding::Frame at(int64_t instruction) const;
};

// A function that runs.
struct PythonFrame {
  uint64_t address = 0;
  int64_t instruction = -1;          // in code units; -1: before the first
  const PythonCode* code = nullptr;  // null: stands for those that were left out
};

class PythonStackReader {
 public:
  PythonStackReader(PythonMemory& memory, const PythonLayout& layout) : memory_(memory), layout_(layout) {}

  // `thread` is the address of a PyThreadState. Empty when its structures cannot be read or kept changing.
  // Innermost first; their codes live as long as the reader.
  std::optional<std::vector<PythonFrame>> frames_of(uint64_t thread);
  std::optional<finding::Stack> stack_of(uint64_t thread);

 private:
  std::optional<uint64_t> innermost_frame(uint64_t thread);
  std::optional<std::vector<PythonFrame>> walk(uint64_t frame);
  bool add(uint64_t frame, std::vector<PythonFrame>& frames);
  const PythonCode* code_at(uint64_t address);

  PythonMemory& memory_;
  const PythonLayout& layout_;
  std::map<uint64_t, PythonCode> codes_;
};

finding::Stack shown(const std::vector<PythonFrame>& frames);

}  // namespace gordian::capture
