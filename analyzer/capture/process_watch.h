// A running process with a flight record, sampled many times a second and shown now and then.
//
// Promises: reads the record and /proc, and asks nothing of the process. The record is opened when the watch
// begins and stays readable when it is renamed or deleted. A lock keeps its name for as long as it is
// watched. Throws record::RecordError. Not thread-safe.
#pragma once

#include <memory>
#include <string>

#include "analyzer/finding/watch_view.h"

namespace gordian::capture {

class ProcessWatch {
 public:
  // `pid`: by which /proc knows the process; its own idea of it can be another.
  ProcessWatch(const std::string& path, uint32_t pid);
  ~ProcessWatch();

  // Cheap: to be done tens of times a second.
  void sample();

  // Whether the process is there and still the program that wrote the record.
  bool is_running() const;

  // How it stands now, with names for everything, and what the samples since the last view tell. Takes a
  // sample.
  finding::WatchView view();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace gordian::capture
