// The one way by which made-up bytes reach the trace readers and what follows them: the fuzzer and the corpus
// test both use it.
//
// The first byte chooses the format. A recorded trace is 3 MB of mostly nothing before its first event, so
// its input is dense: it is cut into pieces that go where the file has its header, modules, threads and
// events.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "analyzer/predict/findings.h"
#include "analyzer/predict/std_trace_reader.h"
#include "analyzer/predict/trace_reader.h"
#include "analyzer/record/trace_format.h"

namespace gordian::fuzz {

struct TracePiece {
  uint64_t offset;
  size_t size;
};
inline constexpr TracePiece kTracePieces[] = {
    {0, sizeof(record::TraceHeader)},
    {record::kTraceModuleOffset, sizeof(record::ModuleRecord)},
    {record::kTraceThreadOffset, 2 * sizeof(record::ThreadOrigin)},
    {record::kTraceEventOffset, SIZE_MAX},
};

inline std::vector<char> spread(const uint8_t* data, size_t size) {
  std::vector<char> file(record::kTraceEventOffset);
  for (const TracePiece& piece : kTracePieces) {
    const size_t part = std::min(size, piece.size);
    if (part == 0) break;
    file.resize(std::max<size_t>(file.size(), piece.offset + part));
    std::memcpy(file.data() + piece.offset, data, part);
    data += part;
    size -= part;
  }
  return file;
}

inline std::vector<uint8_t> dense_trace(const std::string& file) {
  std::vector<uint8_t> bytes{1};
  for (const TracePiece& piece : kTracePieces) {
    const std::string part = file.substr(std::min<size_t>(piece.offset, file.size()), piece.size);
    bytes.insert(bytes.end(), part.begin(), part.end());
  }
  return bytes;
}

inline void predict_and_describe(const predict::Trace& trace) {
  const predict::PredictionLimits limits{.patterns = {.patterns = 50, .steps = 100'000}, .steps = 1'000'000};
  const predict::Prediction prediction = predict::predict_deadlocks(trace, limits);
  predict::TraceNames names(trace);
  const predict::Doubts doubts(trace);
  for (const predict::Deadlock& deadlock : prediction.deadlocks) {
    const finding::Finding finding = predict::finding_of(trace, doubts, deadlock, names);
    if (finding.cycle.size() < 2 || finding.schedule.empty()) std::abort();
    if (trace.gaps.has_holes() && finding.grade != finding::Grade::kPossible) std::abort();
  }
  const predict::RacePrediction races = predict::predict_races(trace, limits.steps);
  for (const predict::Race& race : races.races) {
    const finding::Finding finding = predict::finding_of(trace, doubts, race, names);
    if (finding.cycle.size() != 2 || finding.schedule.size() < 2) std::abort();
    if (trace.gaps.has_holes() && finding.grade != finding::Grade::kPossible) std::abort();
  }
  predict::unseen_of(trace, prediction.statistics, races.statistics);
}

// Whether it could be read.
inline bool run_trace(const uint8_t* data, size_t size) {
  if (size == 0) return false;
  const bool is_own = data[0] % 2 != 0;
  std::vector<char> file(data + 1, data + size);
  if (is_own) file = spread(data + 1, size - 1);
  const predict::ByteSource source = [&file, at = size_t{0}](char* to, size_t most) mutable {
    const size_t part = std::min(most, file.size() - at);
    if (part != 0) std::memcpy(to, file.data() + at, part);
    at += part;
    return part;
  };
  try {
    predict_and_describe(is_own ? predict::read_own_trace(source, "fuzzed")
                                : predict::read_std_trace(source, "fuzzed"));
    return true;
  } catch (const predict::TraceError& error) {
    if (std::string(error.what()).find('\n') != std::string::npos) std::abort();
    return false;
  }
}

}  // namespace gordian::fuzz
