#include "analyzer/report/sarif.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "analyzer/finding/frames.h"
#include "analyzer/report/escape.h"
#include "analyzer/report/json.h"
#include "analyzer/report/phrases.h"
#include "analyzer/report/rule_texts.h"
#include "analyzer/report/sarif_locations.h"
#include "analyzer/report/uri.h"
#include "analyzer/report/writer.h"

namespace gordian::report {
namespace {

using Json = nlohmann::ordered_json;
using finding::Finding;
using finding::Grade;
using finding::RuleId;

constexpr const char* kSchema =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

const char* level_of(Grade grade) {
  if (grade == Grade::kUnlikely) return "note";
  return grade == Grade::kPossible ? "warning" : "error";
}

// An acquisition or an attempt, with the stack that led to it.
struct Event {
  const finding::Stack* stack;
  std::string words;
  Json kinds;  // in SARIF's own words (3.38.8)
  Json properties;
};

// What `parse_sarif` needs besides the words.
Json resource_properties(const finding::ResourceName& resource, const std::string& mode) {
  return {{"resource", printable(resource.name)},
          {"kind", printable(resource.kind)},
          {"stable", printable(resource.stable)},
          {"mode", printable(mode)}};
}

Json kinds_of(RuleId rule, const finding::ResourceName& resource) {
  if (rule == RuleId::kDataRace) return Json::array({"danger", "memory"});
  if (rule == RuleId::kMissingUnlock) return Json::array({"exit", "function"});
  if (rule == RuleId::kBlockingUnderLock) return Json::array({"danger", "call"});
  if (rule == RuleId::kLockAcrossCoAwait) return Json::array({"danger", "function"});
  const bool is_release = rule == RuleId::kUnlockNotHeld || rule == RuleId::kUnlockNotOwner;
  const bool is_lock = resource.kind == "mutex" || resource.kind == "rwlock" || resource.kind == "spinlock";
  return Json::array({is_release ? "release" : "acquire", is_lock ? "lock" : "resource"});
}

// In the order in which the thread came by: what it holds was taken before it asked for more.
std::vector<Event> events_of(RuleId rule, const finding::Step& step) {
  std::vector<Event> events;
  for (const finding::Acquisition& hold : step.holds)
    events.push_back({&hold.acquired_at, acquisition_phrase(hold), kinds_of(RuleId::kDeadlock, hold.resource),
                      resource_properties(hold.resource, hold.mode)});
  events.push_back({&step.waiting_at, attempt_phrase(rule, step), kinds_of(rule, step.waits_for),
                    resource_properties(step.waits_for, step.wait_mode)});
  return events;
}

// The frame that stands for a whole stack; null for an empty one.
const finding::Frame* main_frame(const finding::Stack& stack) {
  if (const finding::Frame* frame = finding::telling_frame(stack)) return frame;
  return stack.empty() ? nullptr : &stack.front();
}

class ResultWriter {
 public:
  ResultWriter(SarifLocations& locations, const std::vector<RuleId>& rules, bool has_baseline)
      : locations_(locations), rules_(rules), has_baseline_(has_baseline) {}

  Json result(const Finding& finding, const char* baseline_state) {
    Json result = {{"ruleId", name_of(finding.rule)},
                   {"ruleIndex", std::ranges::lower_bound(rules_, finding.rule) - rules_.begin()},
                   {"level", level_of(finding.grade)},
                   {"message", sarif_message(finding.summary)},
                   {"locations", Json::array()}};
    if (!finding.fingerprint.empty())
      result["partialFingerprints"] = {{"gordian/v1", printable(finding.fingerprint)}};
    add_locations(result, finding);
    add_code_flow(result, finding);
    result["suppressions"] = suppressions(finding);
    if (has_baseline_) result["baselineState"] = baseline_state;
    result["occurrenceCount"] = finding.occurrences;
    result["properties"] = properties(finding);
    return result;
  }

 private:
  // Where the first thread waits comes first; the other places are related.
  void add_locations(Json& result, const Finding& finding) {
    Json related = Json::array();
    for (const finding::Step& step : finding.cycle) {
      std::vector<Event> events = events_of(finding.rule, step);
      std::rotate(events.begin(), events.end() - 1, events.end());
      for (const Event& event : events) {
        Json place = event_location(event, describe(step.thread) + ' ' + event.words);
        if (!place.contains("physicalLocation")) continue;
        if (result["locations"].empty()) {
          result["locations"].push_back(std::move(place));
        } else {
          place["id"] = related.size() + 1;
          related.push_back(std::move(place));
        }
      }
    }
    if (!related.empty()) result["relatedLocations"] = std::move(related);
  }

  Json event_location(const Event& event, const std::string& words) {
    const finding::Frame* frame = main_frame(*event.stack);
    Json place = frame == nullptr ? Json(nullptr) : locations_.location(*frame);
    place["message"] = sarif_message(words);
    return place;
  }

  void add_code_flow(Json& result, const Finding& finding) {
    if (finding.cycle.empty()) return;
    Json flows = Json::array();
    for (const finding::Step& step : finding.cycle) {
      Json steps = Json::array();
      for (const Event& event : events_of(finding.rule, step)) add_event(steps, event);
      const std::string thread = describe(step.thread);
      flows.push_back({{"id", fmt::format("{} {}", flows.size() + 1, thread)},
                       {"message", sarif_message("Thread " + thread)},
                       {"locations", std::move(steps)},
                       {"properties", side_properties(step)}});
    }
    result["codeFlows"] = Json::array({Json{{"threadFlows", std::move(flows)}}});
  }

  static Json side_properties(const finding::Step& step) {
    Json result = {{"thread", printable(step.thread.name)}, {"link", printable(step.link)}};
    if (step.thread.tid != 0) result["tid"] = step.thread.tid;
    if (step.thread.pid != 0) result["pid"] = step.thread.pid;
    if (step.held_by_step) result["heldByStep"] = *step.held_by_step;
    if (!step.held_by.empty()) result["heldBy"] = printable(step.held_by);
    return result;
  }

  // The calls from the outermost one on, each a level deeper.
  void add_event(Json& steps, const Event& event) {
    const finding::Frame* telling = main_frame(*event.stack);
    if (telling == nullptr) {
      steps.push_back({{"location", event_location(event, event.words)},
                       {"kinds", event.kinds},
                       {"nestingLevel", 0},
                       {"importance", "essential"},
                       {"properties", event.properties}});
      return;
    }
    size_t level = 0;
    for (size_t i = event.stack->size(); i-- > 0; ++level) {
      const finding::Frame& frame = (*event.stack)[i];
      const bool is_telling = &frame == telling;
      Json place = is_telling ? event_location(event, event.words) : locations_.location(frame);
      if (place.is_null()) continue;
      Json step = {{"location", std::move(place)}};
      step["kinds"] = is_telling ? event.kinds : Json::array({"call", "function"});
      step["nestingLevel"] = level;
      step["importance"] = is_telling ? "essential" : is_library_frame(frame) ? "unimportant" : "important";
      if (is_telling) step["properties"] = event.properties;
      steps.push_back(std::move(step));
    }
  }

  static Json suppressions(const Finding& finding) {
    Json result = Json::array();
    if (!finding.suppressed) return result;
    result.push_back({{"kind", "external"}, {"status", "accepted"}});
    if (!finding.suppression.empty()) result[0]["justification"] = printable(finding.suppression);
    return result;
  }

  static Json properties(const Finding& finding) {
    Json result = {{"grade", name_of(finding.grade)}};
    if (!finding.grade_reason.empty()) result["gradeReason"] = printable(finding.grade_reason);
    if (!finding.fix.empty()) result["fix"] = printable(finding.fix);
    if (finding.conditions) {
      const finding::FourConditions& four = *finding.conditions;
      result["conditions"] = {{"mutualExclusion", condition(four.mutual_exclusion)},
                              {"holdAndWait", condition(four.hold_and_wait)},
                              {"noPreemption", condition(four.no_preemption)},
                              {"circularWait", condition(four.circular_wait)}};
    }
    if (finding.confirmation) {
      const finding::Confirmation& confirmation = *finding.confirmation;
      result["confirmation"] = {{"outcome", printable(confirmation.outcome)},
                                {"tries", confirmation.tries},
                                {"explanation", printable(confirmation.explanation)}};
    }
    if (finding.exercised) {
      result["exercised"] = {{"outcome", printable(finding.exercised->outcome)},
                             {"explanation", printable(finding.exercised->explanation)}};
    }
    for (const std::string& event : finding.schedule) result["schedule"].push_back(printable(event));
    return result;
  }

  static Json condition(const finding::Condition& condition) {
    return {{"holds", condition.holds}, {"evidence", printable(condition.evidence)}};
  }

  SarifLocations& locations_;
  const std::vector<RuleId>& rules_;
  bool has_baseline_;
};

std::vector<RuleId> rules_of(const finding::Report& report, const SarifOptions& options) {
  std::set<RuleId> rules;
  for (const Finding& finding : report.findings) rules.insert(finding.rule);
  if (options.gone) {
    for (const Finding& finding : *options.gone) rules.insert(finding.rule);
  }
  return {rules.begin(), rules.end()};
}

// Most findings of such a rule say what may happen; those that say more have a level of their own.
Json rule_json(RuleId rule) {
  const RuleText text = text_of(rule);
  const bool is_latent = rule == RuleId::kLockOrderInversion || rule >= RuleId::kPriorityInversion;
  return {{"id", name_of(rule)},
          {"shortDescription", sarif_message(text.summary)},
          {"fullDescription", sarif_message(text.description)},
          {"help", sarif_message(text.help)},
          {"defaultConfiguration", {{"level", is_latent ? "warning" : "error"}}}};
}

Json tool_json(const std::vector<RuleId>& rules) {
  Json driver = {{"name", "gordian"}, {"version", GORDIAN_VERSION}, {"semanticVersion", GORDIAN_VERSION}};
  driver["rules"] = Json::array();
  for (RuleId rule : rules) driver["rules"].push_back(rule_json(rule));
  return {{"driver", std::move(driver)}};
}

// What was not seen makes no report wrong, but a clean one weaker.
Json invocation_json(const finding::Report& report, const SarifOptions& options) {
  Json notes = Json::array();
  for (const std::string& problem : options.problems)
    notes.push_back({{"level", "error"}, {"message", sarif_message(problem)}});
  for (const finding::Unseen& unseen : report.unseen) {
    const std::string text =
        fmt::format("Not seen: {} ({}): {}; {}", unseen.what, unseen.count, unseen.why, unseen.consequence);
    notes.push_back({{"level", "warning"},
                     {"message", sarif_message(text)},
                     {"properties",
                      {{"what", printable(unseen.what)},
                       {"count", unseen.count},
                       {"why", printable(unseen.why)},
                       {"consequence", printable(unseen.consequence)}}}});
  }
  return {{"executionSuccessful", options.problems.empty()},
          {"toolExecutionNotifications", std::move(notes)}};
}

}  // namespace

std::string render_sarif(const finding::Report& report, const SarifOptions& options) {
  const std::vector<RuleId> rules = rules_of(report, options);
  SarifLocations locations(options.source_root);
  ResultWriter writer(locations, rules, options.gone.has_value());
  Json results = Json::array();
  for (const Finding& finding : report.findings) {
    const bool is_known = finding.baseline == finding::Baseline::kKnown;
    results.push_back(writer.result(finding, is_known ? "unchanged" : "new"));
  }
  if (options.gone) {
    for (const Finding& finding : *options.gone) results.push_back(writer.result(finding, "absent"));
  }
  Json run = {{"tool", tool_json(rules)},
              {"invocations", Json::array({invocation_json(report, options)})},
              {"columnKind", "unicodeCodePoints"}};
  if (!options.source_root.empty())
    run["originalUriBaseIds"] = {{"SRCROOT", {{"uri", directory_uri(options.source_root)}}}};
  run["artifacts"] = locations.artifacts();
  if (!locations.addresses().empty()) run["addresses"] = locations.addresses();
  run["results"] = std::move(results);
  return dump({{"$schema", kSchema}, {"version", "2.1.0"}, {"runs", Json::array({std::move(run)})}});
}

}  // namespace gordian::report
