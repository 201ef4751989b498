// Traces from which the fuzzer starts, in both formats.
#pragma once

#include <string_view>
#include <vector>

#include "tests/fuzz/trace_entry.h"
#include "tests/unit/predict/trace_file_builder.h"

namespace gordian::fuzz {

inline std::vector<std::vector<uint8_t>> trace_seeds() {
  using record::ResourceKind;
  using record::TraceOp;
  std::vector<std::vector<uint8_t>> seeds;
  for (const std::string_view text : {
           "M|fork(T1)|0\nT1|begin(0)|1\nT1|acq(a)|f.c:1\nT1|acq(b)|f.c:2\nT1|w(x)|3\nT1|rel(b)|4\nT1|rel(a)|"
           "5\n"
           "T2|req(b)|6\nT2|acq(b)|6\nT2|acq(a)|7\nT2|r(y)|8\nT2|rel(a)|9\nT2|rel(b)|10\nM|join(T1)|11\n",
           "T1|acq(m)|1\nT1|wait(m)|2\nT2|acq(m)|3\nT2|notify(m)|4\nT2|rel(m)|5\nT1|acq(m)|6\nT1|rel(m)|7\n",
           "T1|acq(a)|1\nT1|acq(b)|2\nT1|rel(b)|3\nT1|rel(a)|4\nT2|acq(b)|5\nT2|acq(c)|6\nT2|rel(c)|7\n"
           "T2|rel(b)|8\nT3|acq(c)|9\nT3|acq(a)|10\n",
       }) {
    seeds.push_back({0});
    seeds.back().insert(seeds.back().end(), text.begin(), text.end());
  }
  predict::TraceFileBuilder builder;
  builder.conflict();
  builder.event(1, TraceOp::kFork, 2).event(1, TraceOp::kWrite, 0x84).event(2, TraceOp::kRead, 0x80);
  builder.event(2, TraceOp::kWait, 0xc0, 0, ResourceKind::kCondition);
  builder.event(1, TraceOp::kNotify, 0xc0, record::kTraceAll, ResourceKind::kCondition);
  builder.event(2, TraceOp::kWake, 0xc0, 0, ResourceKind::kCondition);
  builder.event(2, TraceOp::kInit, 0xd0).event(2, TraceOp::kTryFailed, 0xd0, record::kTraceTry);
  builder.event(2, TraceOp::kAcquire, 0xe0, record::kTraceShared, ResourceKind::kRwlock);
  builder.event(1, TraceOp::kJoin, 2).event(1, TraceOp::kUpdate, 0x88);
  seeds.push_back(dense_trace(builder.bytes()));
  return seeds;
}

}  // namespace gordian::fuzz
