// Reads again and again what the threads of a running process hold and wait for, and nothing else.
//
// Promises: the file is opened once, so a record that is deleted meanwhile stays readable. One to three short
// reads a thread (who it is and what it waits for, its entries, its progress again), into memory that is used
// again. Nothing is asked of the process. Errors as in reader.h. Not thread-safe.
#pragma once

#include <string>
#include <vector>

#include "analyzer/record/record_file.h"

namespace gordian::record {

class StateSampler {
 public:
  explicit StateSampler(const std::string& path) : file_(path) {}

  // Every slot that is not free, without stacks; good until the next call.
  //
  // None is torn. A thread that moved while it was read waits for nothing, and its entries are those that it
  // held at two moments in the course of the reading; the depth in its progress says how many these are.
  std::vector<ThreadEntry>& sample();

  // As of the last sample.
  const Header& header() const { return header_; }

 private:
  bool read_slot(uint32_t slot, ThreadEntry& entry);

  RecordFile file_;
  Header header_{};
  std::vector<ThreadEntry> threads_;
  ThreadEntry again_;
};

}  // namespace gordian::record
