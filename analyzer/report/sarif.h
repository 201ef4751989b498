// Reports as SARIF 2.1.0 (OASIS), for code hosts, editors and CI.
//
// Promises: reads its arguments and nothing else. A finding is a result; its threads are the thread flows of
// one code flow, each call frame a location. Paths are percent-encoded URIs, relative to SRCROOT where the
// file lies below the source root. Names of the watched program come out printable. Suppressed findings are
// results with a suppression. The same input gives the same bytes.
// `parse_sarif` reads a file made by `render_sarif` back: the findings with their threads, and what was not
// seen; results that were absent in that run are left out. What SARIF has no place for is not there (lock
// orders, the program, source lines of library frames). It throws ReportError, one line.
//
// Source: Static Analysis Results Interchange Format (SARIF) Version 2.1.0; the numbers of paragraphs in the
// implementation are its own.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "analyzer/finding/finding.h"

namespace gordian::report {

struct SarifOptions {
  std::string source_root;  // absolute directory, or empty
  // What an earlier report had and this one has not. With a value, even an empty list, each result says how
  // it stands to the baseline.
  std::optional<std::vector<finding::Finding>> gone;
  std::vector<std::string> problems;  // why some input could not be read
};

std::string render_sarif(const finding::Report& report, const SarifOptions& options);

finding::Report parse_sarif(std::string_view text);

// Whether `parse_sarif` is the one to ask; otherwise `parse_json`.
bool looks_like_sarif(std::string_view text);

}  // namespace gordian::report
