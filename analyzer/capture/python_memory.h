// The CPython objects in another process's memory, live or from a core.
//
// Promises: nothing that stands in that memory is believed: lengths are capped, types are checked by name,
// strings come back as valid UTF-8. A failed read is an empty result. Keeps a reference to the memory, which
// must outlive it. Source: CPython's Include/cpython/unicodeobject.h and bytesobject.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/capture/process/process_image.h"
#include "analyzer/capture/python_layout.h"

namespace gordian::capture {

class PythonMemory {
 public:
  explicit PythonMemory(Memory& memory) : memory_(memory) {}

  bool read(uint64_t address, void* buffer, size_t size);

  template <typename Value>
  std::optional<Value> value(uint64_t address) {
    Value found{};
    if (!read(address, &found, sizeof found)) return std::nullopt;
    return found;
  }

  // Whether the object's type has this name: `code`, `str`, `_thread.lock`.
  bool is_of_type(const PythonLayout& layout, uint64_t object, std::string_view type);

  // Up to its end or the first 40 characters.
  std::string c_string(uint64_t address);

  std::optional<std::string> text(const PythonLayout& layout, uint64_t object);
  std::optional<std::vector<uint8_t>> bytes(const PythonLayout& layout, uint64_t object);

 private:
  Memory& memory_;
  std::map<uint64_t, std::string> type_names_;  // by the type's address
};

}  // namespace gordian::capture
