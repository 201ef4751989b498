#include <nlohmann/json.hpp>

#include "analyzer/report/json.h"
#include "analyzer/report/sarif.h"

namespace gordian::report {
namespace {

using Json = nlohmann::json;

// Null where the path does not lead anywhere.
template <typename... Keys>
const Json& at(const Json& json, const char* key, Keys... rest) {
  static const Json kNothing;
  const auto place = json.is_object() ? json.find(key) : json.end();
  if (!json.is_object() || place == json.end()) return kNothing;
  if constexpr (sizeof...(rest) == 0) {
    return *place;
  } else {
    return at(*place, rest...);
  }
}

std::string text_at(const Json& json) {
  return json.is_string() ? json.get<std::string>() : std::string();
}

// `{{` stands for a brace.
std::string without_doubled_braces(const std::string& text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if ((text[i] == '{' || text[i] == '}') && i + 1 < text.size() && text[i + 1] == text[i]) ++i;
    result += text[i];
  }
  return result;
}

finding::Finding finding_from(const Json& result) {
  const std::string rule = text_at(at(result, "ruleId"));
  const std::string grade = text_at(at(result, "properties", "grade"));
  const auto rule_id = finding::rule_from(rule);
  const auto grade_id = finding::grade_from(grade);
  if (!rule_id) throw ReportError("a result has the unknown ruleId \"" + rule + '"');
  if (!grade_id) throw ReportError("a result has the unknown properties.grade \"" + grade + '"');
  finding::Finding finding;
  finding.rule = *rule_id;
  finding.grade = *grade_id;
  finding.fingerprint = text_at(at(result, "partialFingerprints", "gordian/v1"));
  finding.summary = without_doubled_braces(text_at(at(result, "message", "text")));
  if (const Json& list = at(result, "suppressions"); list.is_array() && !list.empty()) {
    finding.suppressed = true;
    finding.suppression = text_at(at(list.front(), "justification"));
  }
  return finding;
}

}  // namespace

finding::Report parse_sarif(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) throw ReportError("not JSON, or cut off");
  if (text_at(at(json, "version")) != "2.1.0" || !at(json, "runs").is_array())
    throw ReportError("no SARIF of version 2.1.0");
  finding::Report report;
  for (const Json& run : json["runs"]) {
    if (text_at(at(run, "tool", "driver", "name")) != "gordian")
      throw ReportError("SARIF of another tool; only gordian's own has its fingerprints");
    const Json& results = at(run, "results");
    if (!results.is_array()) throw ReportError("a SARIF run has no list of results");
    for (const Json& result : results) {
      if (text_at(at(result, "baselineState")) != "absent") report.findings.push_back(finding_from(result));
    }
  }
  return report;
}

}  // namespace gordian::report
