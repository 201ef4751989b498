#include "analyzer/capture/python_gil.h"

#include <algorithm>
#include <cstddef>

namespace gordian::capture {
namespace {

// struct _gil_runtime_state as 3.11 to 3.13 have it on Linux.
struct GilWords {
  uint64_t interval;
  uint64_t last_holder;
  int32_t locked;  // -1: not made yet
  int32_t unused;
  uint64_t switch_number;
  uint64_t condition[6];
  uint32_t mutex_word;
};

}  // namespace

std::vector<PythonGil> python_gils(PythonMemory& memory, const PythonLayout& layout, uint64_t runtime,
                                   const std::vector<uint64_t>& interpreters) {
  std::vector<uint64_t> addresses;
  if (!layout.gil_is_of_interpreter) addresses.push_back(runtime + layout.gil);
  for (const uint64_t interpreter : interpreters) {
    if (!layout.gil_is_of_interpreter) break;
    const uint64_t address = memory.value<uint64_t>(interpreter + layout.gil).value_or(0);
    if (address != 0 && std::find(addresses.begin(), addresses.end(), address) == addresses.end())
      addresses.push_back(address);
  }
  std::vector<PythonGil> gils;
  for (const uint64_t address : addresses) {
    const auto words = memory.value<GilWords>(address);
    if (!words) continue;
    PythonGil& gil = gils.emplace_back();
    gil.address = address;
    gil.condition = address + offsetof(GilWords, condition);
    gil.settled = words->mutex_word == 0;
    gil.locked = words->locked == 1;
    gil.holder = words->last_holder;
    gil.switches = words->switch_number;
  }
  return gils;
}

}  // namespace gordian::capture
