// libFuzzer: hostile records against the reader, the snapshot and everything that puts them into words.
#include "tests/fuzz/record_entry.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  gordian::fuzz::run_one(data, size);
  return 0;
}
