#include <nlohmann/json.hpp>

#include "analyzer/report/json.h"
#include "analyzer/report/sarif.h"
#include "analyzer/report/uri.h"

namespace gordian::report {
namespace {

using Parsed = nlohmann::json;

// Null where the path does not lead anywhere.
template <typename... Keys>
const Parsed& at(const Parsed& json, const char* key, Keys... rest) {
  static const Parsed kNothing;
  const auto place = json.is_object() ? json.find(key) : json.end();
  if (!json.is_object() || place == json.end()) return kNothing;
  if constexpr (sizeof...(rest) == 0) {
    return *place;
  } else {
    return at(*place, rest...);
  }
}

// The items of a list; none of anything else.
const Parsed& list_at(const Parsed& json) {
  static const Parsed kEmpty = Parsed::array();
  return json.is_array() ? json : kEmpty;
}

std::string text_at(const Parsed& json) {
  return json.is_string() ? json.get<std::string>() : std::string();
}

template <typename Number>
Number number_at(const Parsed& json) {
  const bool fits = json.is_number_unsigned() && json.get<uint64_t>() <= std::numeric_limits<Number>::max();
  return fits ? json.get<Number>() : Number{0};
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

// One run: its results refer to its bases and addresses.
class RunReader {
 public:
  explicit RunReader(const Parsed& run) : run_(run) {}

  finding::Finding finding_from(const Parsed& result) const {
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
    if (const Parsed& list = at(result, "suppressions"); list.is_array() && !list.empty()) {
      finding.suppressed = true;
      finding.suppression = text_at(at(list.front(), "justification"));
    }
    const Parsed& flows = list_at(at(result, "codeFlows"));
    if (!flows.empty()) {
      for (const Parsed& flow : list_at(at(flows.front(), "threadFlows")))
        finding.cycle.push_back(step_from(flow));
    }
    for (finding::Step& step : finding.cycle) {
      if (step.held_by_step && *step.held_by_step >= finding.cycle.size()) step.held_by_step.reset();
    }
    read_properties(at(result, "properties"), finding);
    if (const auto count = number_at<uint32_t>(at(result, "occurrenceCount")); count != 0)
      finding.occurrences = count;
    return finding;
  }

 private:
  static finding::Condition condition_from(const Parsed& json) {
    return {at(json, "holds") == true, text_at(at(json, "evidence"))};
  }

  static void read_properties(const Parsed& json, finding::Finding& finding) {
    finding.grade_reason = text_at(at(json, "gradeReason"));
    finding.fix = text_at(at(json, "fix"));
    if (const Parsed& four = at(json, "conditions"); four.is_object()) {
      finding.conditions = finding::FourConditions{
          condition_from(at(four, "mutualExclusion")), condition_from(at(four, "holdAndWait")),
          condition_from(at(four, "noPreemption")), condition_from(at(four, "circularWait"))};
    }
    for (const Parsed& event : list_at(at(json, "schedule"))) finding.schedule.push_back(text_at(event));
    if (const Parsed& exercised = at(json, "exercised"); exercised.is_object())
      finding.exercised = {text_at(at(exercised, "outcome")), text_at(at(exercised, "explanation"))};
    if (const Parsed& tried = at(json, "confirmation"); tried.is_object()) {
      finding.confirmation = finding::Confirmation{.outcome = text_at(at(tried, "outcome")),
                                                   .tries = number_at<uint32_t>(at(tried, "tries")),
                                                   .explanation = text_at(at(tried, "explanation"))};
    }
  }

  // The events of a flow are stacks, from the outermost call on: a new one begins where the depth does not
  // grow. The last one is the attempt, those before it are acquisitions.
  finding::Step step_from(const Parsed& flow) const {
    const Parsed& side = at(flow, "properties");
    finding::Step step;
    step.thread = {.name = text_at(at(side, "thread")),
                   .tid = number_at<uint32_t>(at(side, "tid")),
                   .pid = number_at<uint32_t>(at(side, "pid")),
                   .started_at = {}};
    step.link = text_at(at(side, "link"));
    step.held_by = text_at(at(side, "heldBy"));
    if (const Parsed& holder = at(side, "heldByStep"); holder.is_number_unsigned())
      step.held_by_step = holder.get<size_t>();

    std::vector<finding::Acquisition> events;
    uint64_t level = 0;
    for (const Parsed& entry : list_at(at(flow, "locations"))) {
      const auto depth = number_at<uint64_t>(at(entry, "nestingLevel"));
      if (events.empty() || depth <= level) events.emplace_back();
      level = depth;
      add_entry(entry, events.back());
    }
    if (events.empty()) return step;
    step.waits_for = std::move(events.back().resource);
    step.wait_mode = std::move(events.back().mode);
    step.waiting_at = std::move(events.back().acquired_at);
    events.pop_back();
    step.holds = std::move(events);
    return step;
  }

  void add_entry(const Parsed& entry, finding::Acquisition& event) const {
    const Parsed& location = at(entry, "location");
    if (location.contains("physicalLocation") || location.contains("logicalLocations"))
      event.acquired_at.insert(event.acquired_at.begin(), frame_from(location));
    const Parsed& properties = at(entry, "properties");
    if (!properties.is_object()) return;
    event.resource.name = text_at(at(properties, "resource"));
    event.resource.kind = text_at(at(properties, "kind"));
    event.resource.stable = text_at(at(properties, "stable"));
    event.mode = text_at(at(properties, "mode"));
  }

  finding::Frame frame_from(const Parsed& location) const {
    finding::Frame frame;
    const Parsed& names = list_at(at(location, "logicalLocations"));
    if (!names.empty()) frame.function = text_at(at(names.front(), "fullyQualifiedName"));
    const Parsed& physical = at(location, "physicalLocation");
    if (const Parsed& address = at(physical, "address"); address.is_object()) {
      frame.address = number_at<uint64_t>(at(address, "absoluteAddress"));
      frame.module_offset = number_at<uint64_t>(at(address, "offsetFromParent"));
      const Parsed& modules = list_at(at(run_, "addresses"));
      const Parsed& parent = at(address, "parentIndex");
      if (parent.is_number_unsigned() && parent.get<uint64_t>() < modules.size())
        frame.module = text_at(at(modules[parent.get<size_t>()], "fullyQualifiedName"));
      return frame;
    }
    frame.file = path_of(at(physical, "artifactLocation"));
    frame.line = number_at<uint32_t>(at(physical, "region", "startLine"));
    frame.column = number_at<uint32_t>(at(physical, "region", "startColumn"));
    return frame;
  }

  std::string path_of(const Parsed& artifact) const {
    const std::string base = text_at(at(artifact, "uriBaseId"));
    const std::string root = base.empty() ? "" : text_at(at(run_, "originalUriBaseIds", base.c_str(), "uri"));
    return path_from_uri(root + text_at(at(artifact, "uri")));
  }

  const Parsed& run_;
};

void read_unseen(const Parsed& run, finding::Report& report) {
  for (const Parsed& invocation : list_at(at(run, "invocations"))) {
    for (const Parsed& note : list_at(at(invocation, "toolExecutionNotifications"))) {
      const Parsed& properties = at(note, "properties");
      if (properties.is_object()) {
        report.unseen.push_back({text_at(at(properties, "what")),
                                 number_at<uint64_t>(at(properties, "count")), text_at(at(properties, "why")),
                                 text_at(at(properties, "consequence"))});
      }
    }
  }
}

}  // namespace

finding::Report parse_sarif(std::string_view text) {
  const Parsed json = Parsed::parse(text, nullptr, false);
  if (json.is_discarded()) throw ReportError("not JSON, or cut off");
  if (text_at(at(json, "version")) != "2.1.0" || !at(json, "runs").is_array())
    throw ReportError("no SARIF of version 2.1.0");
  finding::Report report;
  for (const Parsed& run : json["runs"]) {
    if (text_at(at(run, "tool", "driver", "name")) != "gordian")
      throw ReportError("SARIF of another tool; only gordian's own has its fingerprints");
    const Parsed& results = at(run, "results");
    if (!results.is_array()) throw ReportError("a SARIF run has no list of results");
    const RunReader reader(run);
    for (const Parsed& result : results) {
      if (text_at(at(result, "baselineState")) != "absent")
        report.findings.push_back(reader.finding_from(result));
    }
    read_unseen(run, report);
  }
  return report;
}

bool looks_like_sarif(std::string_view text) {
  const Parsed json = Parsed::parse(text, nullptr, false);
  return json.is_object() && json.contains("runs");
}

}  // namespace gordian::report
