// Names for a recorded trace: its sites and locks are addresses, which the debug information of the mapped
// files makes into functions, lines and variables.
#pragma once

#include <map>
#include <string>

#include "analyzer/capture/symbolizer_names.h"
#include "analyzer/predict/trace_names.h"

namespace gordian::cli {

class TraceSymbols final : public predict::TraceNames {
 public:
  explicit TraceSymbols(const predict::Trace& trace);

  finding::Stack stack(uint32_t site) override;
  finding::ResourceName lock(uint32_t lock) override;
  finding::ResourceName variable(uint32_t variable) override;
  std::string place(uint32_t site) override;

 private:
  finding::ResourceName name_of(const predict::LockInfo& info);

  capture::SymbolizerNames names_;
  std::map<uint32_t, finding::ResourceName> locks_;
  std::map<std::string, uint32_t> namesakes_;  // how many locks bear a name so far
};

}  // namespace gordian::cli
