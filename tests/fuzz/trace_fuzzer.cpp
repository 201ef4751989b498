// libFuzzer: hostile traces, text and recorded, against the readers, the prediction and its words.
#include "tests/fuzz/trace_entry.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  gordian::fuzz::run_trace(data, size);
  return 0;
}
