// Names for a recorded trace: its sites and locks are addresses, which the debug information of the mapped
// files makes into functions, lines and variables.
#pragma once

#include "analyzer/capture/symbolizer_names.h"
#include "analyzer/predict/trace_names.h"

namespace gordian::cli {

class TraceSymbols final : public predict::TraceNames {
 public:
  explicit TraceSymbols(const predict::Trace& trace);

  finding::Stack stack(uint32_t site) override;
  finding::ResourceName lock(uint32_t lock) override;
  std::string place(uint32_t site) override;

 private:
  capture::SymbolizerNames names_;
};

}  // namespace gordian::cli
