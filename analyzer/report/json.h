// Reports as JSON, format gordian-report/1 (docs/formats/report.md): the one form that other people's scripts
// read.
//
// Promises: within version 1 the format only grows; every key of it is always written. The output is valid
// UTF-8 whatever the names of the watched program hold: bytes that are none become U+FFFD. Addresses are
// strings ("0x7f..."), since JSON numbers lose 64-bit ones. `parse_json` reads what `render_json` writes, and
// later additions to it: unknown keys are passed over, missing optional ones take their default. It throws
// ReportError, one line, for everything that is no such report.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::report {

inline constexpr std::string_view kReportSchema = "gordian-report/1";

class ReportError : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string render_json(const finding::Report& report);

finding::Report parse_json(std::string_view text);

// The parts, for commands that add keys of their own.
nlohmann::ordered_json to_json(const finding::Report& report);
nlohmann::ordered_json to_json(const finding::Finding& finding);
nlohmann::ordered_json to_json(const finding::LockOrder& order);
nlohmann::ordered_json to_json(const finding::OrderEdge& edge);
nlohmann::ordered_json to_json(const finding::Step& step);
nlohmann::ordered_json to_json(const finding::Acquisition& acquisition);
nlohmann::ordered_json to_json(const finding::ThreadName& thread);
nlohmann::ordered_json to_json(const finding::ThreadView& view);
std::string dump(const nlohmann::ordered_json& json);

}  // namespace gordian::report
