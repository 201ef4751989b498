// The inputs of the commands that read: flight records, directories that hold them, and reports.
//
// Errors: Refusal or record::RecordError, one line that names the input.
#pragma once

#include <string>
#include <vector>

#include "analyzer/capture/flight_capture.h"
#include "analyzer/finding/finding.h"

namespace gordian::cli {

// A directory stands for the flight records in it, or for its report.json where it holds none. Throws Refusal
// when one of `names` does not exist or is an directory without either.
std::vector<std::string> expand_inputs(const std::vector<std::string>& names);

// Reads a flight record. A core is refused by name: inspect_subject.h reads those.
capture::ProcessView read_process(const std::string& name, const capture::CaptureOptions& options);

// The whole of a file that people write, such as suppressions; a pipe will do; bytes of zero or gigabytes
// will not.
std::string read_text(const std::string& path);

// Reads a flight record, or a report: JSON or SARIF.
finding::Report read_report(const std::string& path, const capture::CaptureOptions& options);

}  // namespace gordian::cli
