#include <charconv>
#include <nlohmann/json.hpp>

#include "analyzer/report/json.h"

namespace gordian::report {
namespace {

using Parsed = nlohmann::json;

const Parsed kNothing;

const Parsed& member(const Parsed& object, const char* key) {
  if (object.is_null()) return kNothing;  // a part that is not there has no members
  if (!object.is_object()) throw ReportError(std::string("an object is expected around \"") + key + '"');
  const auto place = object.find(key);
  return place == object.end() ? kNothing : *place;
}

// Absent and null give the default; another type is an error that names the key.
template <typename Value>
Value value_of(const Parsed& object, const char* key, Value otherwise = {}) {
  const Parsed& value = member(object, key);
  if (value.is_null()) return otherwise;
  bool fits = false;
  if constexpr (std::is_same_v<Value, std::string>) {
    fits = value.is_string();
  } else if constexpr (std::is_same_v<Value, bool>) {
    fits = value.is_boolean();
  } else {
    fits = value.is_number_unsigned() && value.get<uint64_t>() <= std::numeric_limits<Value>::max();
  }
  if (!fits) throw ReportError(std::string("\"") + key + "\" has a value of the wrong type");
  return value.get<Value>();
}

uint64_t address_of(const Parsed& object, const char* key) {
  const std::string text = value_of<std::string>(object, key, "0x0");
  uint64_t value = 0;
  const char* end = text.data() + text.size();
  if (!text.starts_with("0x") || std::from_chars(text.data() + 2, end, value, 16).ptr != end) {
    throw ReportError(std::string("\"") + key + "\" is no address of the form 0x12ab");
  }
  return value;
}

template <typename Convert>
auto list_of(const Parsed& object, const char* key, Convert convert) {
  std::vector<decltype(convert(object))> result;
  const Parsed& list = member(object, key);
  if (list.is_null()) return result;
  if (!list.is_array()) throw ReportError(std::string("\"") + key + "\" is no list");
  for (const Parsed& item : list) result.push_back(convert(item));
  return result;
}

std::vector<std::string> texts_of(const Parsed& object, const char* key) {
  return list_of(object, key, [key](const Parsed& text) {
    if (!text.is_string())
      throw ReportError(std::string("\"") + key + "\" holds something that is no string");
    return text.get<std::string>();
  });
}

finding::Frame frame_from(const Parsed& json) {
  return {.address = address_of(json, "address"),
          .module = value_of<std::string>(json, "module"),
          .module_offset = address_of(json, "module_offset"),
          .function = value_of<std::string>(json, "function"),
          .file = value_of<std::string>(json, "file"),
          .line = value_of<uint32_t>(json, "line"),
          .column = value_of<uint32_t>(json, "column"),
          .inlined = value_of<bool>(json, "inlined"),
          .language = value_of<std::string>(json, "language")};
}

finding::ThreadName thread_from(const Parsed& json) {
  return {.name = value_of<std::string>(json, "name"),
          .tid = value_of<uint32_t>(json, "tid"),
          .pid = value_of<uint32_t>(json, "pid"),
          .started_at = value_of<std::string>(json, "started_at")};
}

finding::ResourceName resource_from(const Parsed& json) {
  return {.name = value_of<std::string>(json, "name"),
          .kind = value_of<std::string>(json, "kind"),
          .address = address_of(json, "address"),
          .stable = value_of<std::string>(json, "stable"),
          .module = value_of<std::string>(json, "module"),
          .module_offset = address_of(json, "module_offset")};
}

finding::Acquisition acquisition_from(const Parsed& json) {
  return {.resource = resource_from(member(json, "resource")),
          .mode = value_of<std::string>(json, "mode"),
          .acquired_at = list_of(json, "acquired_at", frame_from)};
}

finding::Step step_from(const Parsed& json) {
  finding::Step step{.thread = thread_from(member(json, "thread")),
                     .waits_for = resource_from(member(json, "waits_for")),
                     .wait_mode = value_of<std::string>(json, "wait_mode"),
                     .held_by = value_of<std::string>(json, "held_by"),
                     .held_by_step = std::nullopt,
                     .link = value_of<std::string>(json, "link"),
                     .since_ms = value_of<uint64_t>(json, "since_ms"),
                     .waiting_at = list_of(json, "waiting_at", frame_from),
                     .holds = list_of(json, "holds", acquisition_from)};
  if (!member(json, "held_by_step").is_null()) step.held_by_step = value_of<size_t>(json, "held_by_step");
  return step;
}

finding::Condition condition_from(const Parsed& json, const char* key) {
  const Parsed& condition = member(json, key);
  return {.holds = value_of<bool>(condition, "holds"),
          .evidence = value_of<std::string>(condition, "evidence")};
}

std::optional<finding::FourConditions> conditions_from(const Parsed& json) {
  if (json.is_null()) return std::nullopt;
  return finding::FourConditions{.mutual_exclusion = condition_from(json, "mutual_exclusion"),
                                 .hold_and_wait = condition_from(json, "hold_and_wait"),
                                 .no_preemption = condition_from(json, "no_preemption"),
                                 .circular_wait = condition_from(json, "circular_wait")};
}

std::optional<finding::Confirmation> confirmation_from(const Parsed& json) {
  if (json.is_null()) return std::nullopt;
  return finding::Confirmation{.outcome = value_of<std::string>(json, "outcome"),
                               .tries = value_of<uint32_t>(json, "tries"),
                               .arrived = value_of<uint32_t>(json, "arrived"),
                               .participants = value_of<uint32_t>(json, "participants"),
                               .seed = value_of<uint64_t>(json, "seed"),
                               .explanation = value_of<std::string>(json, "explanation")};
}

std::optional<finding::Exercised> exercised_from(const Parsed& json) {
  if (json.is_null()) return std::nullopt;
  return finding::Exercised{.outcome = value_of<std::string>(json, "outcome"),
                            .explanation = value_of<std::string>(json, "explanation")};
}

template <typename Id>
Id required(std::optional<Id> id, const char* key, const std::string& name) {
  if (!id) throw ReportError(std::string("\"") + key + "\" has the unknown value \"" + name + '"');
  return *id;
}

finding::Finding finding_from(const Parsed& json) {
  const auto rule = value_of<std::string>(json, "rule");
  const auto grade = value_of<std::string>(json, "grade");
  finding::Finding finding;
  finding.rule = required(finding::rule_from(rule), "rule", rule);
  finding.grade = required(finding::grade_from(grade), "grade", grade);
  finding.fingerprint = value_of<std::string>(json, "fingerprint");
  finding.summary = value_of<std::string>(json, "summary");
  finding.grade_reason = value_of<std::string>(json, "grade_reason");
  finding.conditions = conditions_from(member(json, "conditions"));
  finding.cycle = list_of(json, "cycle", step_from);
  finding.schedule = texts_of(json, "schedule");
  finding.members_not_shown = value_of<uint32_t>(json, "members_not_shown");
  finding.waiting_behind = value_of<uint32_t>(json, "waiting_behind");
  finding.fix = value_of<std::string>(json, "fix");
  finding.suppressed = value_of<bool>(json, "suppressed");
  finding.suppression = value_of<std::string>(json, "suppression");
  if (value_of<std::string>(json, "baseline") == "known") finding.baseline = finding::Baseline::kKnown;
  finding.pid = value_of<uint32_t>(json, "pid");
  finding.occurrences = value_of<uint32_t>(json, "occurrences", 1);
  finding.also_in = list_of(json, "also_in", [](const Parsed& pid) {
    if (!pid.is_number_unsigned()) throw ReportError("\"also_in\" holds something that is no pid");
    return pid.get<uint32_t>();
  });
  finding.confirmation = confirmation_from(member(json, "confirmation"));
  finding.exercised = exercised_from(member(json, "exercised"));
  return finding;
}

finding::Program program_from(const Parsed& json) {
  return {.path = value_of<std::string>(json, "path"),
          .arguments = texts_of(json, "arguments"),
          .pid = value_of<uint32_t>(json, "pid"),
          .build_id = value_of<std::string>(json, "build_id"),
          .started = value_of<std::string>(json, "started")};
}

finding::OrderEdge edge_from(const Parsed& json) {
  return {.from = resource_from(member(json, "from")),
          .to = resource_from(member(json, "to")),
          .from_mode = value_of<std::string>(json, "from_mode"),
          .to_mode = value_of<std::string>(json, "to_mode"),
          .acquired_at = list_of(json, "acquired_at", frame_from),
          .attempted_at = list_of(json, "attempted_at", frame_from),
          .guards = texts_of(json, "guards"),
          .threads = texts_of(json, "threads"),
          .contexts = value_of<uint64_t>(json, "contexts")};
}

finding::LockOrder lock_order_from(const Parsed& json) {
  return {.edges = list_of(json, "edges", edge_from),
          .edges_not_shown = value_of<uint64_t>(json, "edges_not_shown")};
}

// Reports of `gordian inspect` alone have it.
std::optional<bool> running_from(const Parsed& json) {
  const Parsed& running = member(json, "running");
  return running.is_boolean() ? std::optional(running.get<bool>()) : std::nullopt;
}

finding::ThreadView thread_view_from(const Parsed& json) {
  finding::ThreadView view;
  view.thread = thread_from(member(json, "thread"));
  view.state = value_of<std::string>(json, "state");
  view.at = list_of(json, "at", frame_from);
  if (const Parsed& wait = member(json, "wait"); !wait.is_null()) view.wait = step_from(wait);
  view.holds = list_of(json, "holds", acquisition_from);
  return view;
}

finding::Unseen unseen_from(const Parsed& json) {
  return {.what = value_of<std::string>(json, "what"),
          .count = value_of<uint64_t>(json, "count"),
          .why = value_of<std::string>(json, "why"),
          .consequence = value_of<std::string>(json, "consequence")};
}

}  // namespace

finding::Report parse_json(std::string_view text) {
  const Parsed json = Parsed::parse(text, nullptr, false);
  if (json.is_discarded()) throw ReportError("not JSON, or cut off");
  if (!json.is_object()) throw ReportError("no report: an object is expected");
  const auto schema = value_of<std::string>(json, "schema");
  if (schema != kReportSchema) {
    throw ReportError("no report of format " + std::string(kReportSchema) +
                      (schema.empty() ? "" : ": its schema is \"" + schema + '"'));
  }
  return {.program = program_from(member(json, "program")),
          .findings = list_of(json, "findings", finding_from),
          .unseen = list_of(json, "unseen", unseen_from),
          .other_programs = list_of(json, "other_programs", program_from),
          .lock_order = lock_order_from(member(json, "lock_order")),
          .running = running_from(json),
          .threads = list_of(json, "threads", thread_view_from),
          .assumptions = texts_of(json, "assumptions")};
}

}  // namespace gordian::report
