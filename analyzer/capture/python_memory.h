// Reads another process's memory, without stopping it, and the CPython objects in it.
//
// Promises: nothing that stands in that memory is believed: lengths are capped, types are checked by name,
// strings come back as valid UTF-8. A failed read is an empty result and sets `failure()`. Source:
// process_vm_readv(2); CPython's Include/cpython/unicodeobject.h and bytesobject.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "analyzer/capture/python_layout.h"

namespace gordian::capture {

class PythonMemory {
 public:
  explicit PythonMemory(uint32_t pid) : pid_(pid) {}

  bool read(uint64_t address, void* buffer, size_t size);

  template <typename Value>
  std::optional<Value> value(uint64_t address) {
    Value found{};
    if (!read(address, &found, sizeof found)) return std::nullopt;
    return found;
  }

  // Whether the object's type has this name: `code`, `str`, `bytes`.
  bool is_of_type(const PythonLayout& layout, uint64_t object, const std::string& type);

  std::optional<std::string> text(const PythonLayout& layout, uint64_t object);
  std::optional<std::vector<uint8_t>> bytes(const PythonLayout& layout, uint64_t object);

  // errno of the last read that failed, 0 when none did.
  int failure() const { return failure_; }

 private:
  uint32_t pid_;
  int failure_ = 0;
  std::map<uint64_t, std::string> type_names_;  // by the type's address
};

}  // namespace gordian::capture
