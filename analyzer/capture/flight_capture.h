// From a flight record to a report: reads the record, takes the snapshot, lets the verdict judge it, and puts
// names on everything.
//
// Promises: the record may belong to a running process; it is copied before it is judged. What the process
// itself judged (FindingRecord) is taken as told; what it did not live to judge is judged here from the
// record alone, and then never graded above what the record proves. Throws record::RecordError for a file
// that is not a readable record. Not thread-safe.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "analyzer/finding/finding.h"
#include "analyzer/model/snapshot.h"
#include "analyzer/record/reader.h"

namespace gordian::capture {

struct ProcessView {
  finding::Report report;
  std::vector<finding::ThreadView> threads;  // what each holds and waits for
  bool running = false;                      // the process still exists
};

struct CaptureOptions {
  uint32_t stack_depth = 32;
  bool python = true;                // look for Python frames in a live process
  bool orders_while_running = true;  // false: lock orders are judged when the process has ended
  uint32_t pid =
      0;  // by which /proc knows the process; 0: as it knows itself, which is another in a container
};

class FlightCapture {
 public:
  explicit FlightCapture(std::string path, CaptureOptions options = {});
  ~FlightCapture();

  // Number of findings the process has told so far; cheap, to be polled.
  uint32_t told() const;

  // Reads the file again and names everything anew.
  ProcessView view();

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

model::Snapshot snapshot_of(const record::Record& record);

}  // namespace gordian::capture
