// What the sites, locks and threads of a trace are called.
//
// The trace's own text is all that this layer knows; where a trace has addresses instead, the command line
// gives names made with symbols. A location such as `bank.cpp:12` is read as file and line; anything else is
// taken for the name of a function.
#pragma once

#include <string>

#include "analyzer/predict/trace.h"

namespace gordian::predict {

class TraceNames {
 public:
  explicit TraceNames(const Trace& trace) : trace_(trace) {}
  virtual ~TraceNames() = default;

  // At least one frame; of kNone one that knows nothing.
  virtual finding::Stack stack(uint32_t site);
  virtual finding::ResourceName lock(uint32_t lock);
  virtual finding::ResourceName variable(uint32_t variable);
  virtual finding::ThreadName thread(uint32_t thread);

  // `f (bank.cpp:12)`, for sentences; empty where nothing is known.
  virtual std::string place(uint32_t site);

 protected:
  const Trace& trace_;
};

}  // namespace gordian::predict
