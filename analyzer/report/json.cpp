#include "analyzer/report/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "analyzer/finding/frames.h"
#include "analyzer/report/phrases.h"

namespace gordian::report {
namespace {

using Json = nlohmann::ordered_json;

std::string hexadecimal(uint64_t value) {
  return fmt::format("{:#x}", value);
}

template <typename Items, typename Convert>
Json array_of(const Items& items, Convert convert) {
  Json result = Json::array();
  for (const auto& item : items) result.push_back(convert(item));
  return result;
}

Json frame_json(const finding::Frame& frame) {
  return {{"address", hexadecimal(frame.address)},
          {"module", frame.module},
          {"module_offset", hexadecimal(frame.module_offset)},
          {"function", frame.function},
          {"file", frame.file},
          {"line", frame.line},
          {"column", frame.column},
          {"inlined", frame.inlined},
          {"language", frame.language}};
}

Json stack_json(const finding::Stack& stack) {
  return array_of(stack, frame_json);
}

Json resource_json(const finding::ResourceName& resource) {
  Json json = {{"name", resource.name},
               {"kind", resource.kind},
               {"address", hexadecimal(resource.address)},
               {"stable", resource.stable}};
  if (!resource.module.empty()) {
    json["module"] = resource.module;
    json["module_offset"] = hexadecimal(resource.module_offset);
  }
  return json;
}

Json condition_json(const finding::Condition& condition) {
  return {{"holds", condition.holds}, {"evidence", condition.evidence}};
}

Json conditions_json(const std::optional<finding::FourConditions>& conditions) {
  if (!conditions) return nullptr;
  return {{"mutual_exclusion", condition_json(conditions->mutual_exclusion)},
          {"hold_and_wait", condition_json(conditions->hold_and_wait)},
          {"no_preemption", condition_json(conditions->no_preemption)},
          {"circular_wait", condition_json(conditions->circular_wait)}};
}

void add_location(Json& locations, const finding::Stack& stack, const finding::ThreadName& thread,
                  std::string message) {
  const finding::Frame* frame = finding::telling_frame(stack);
  if (frame == nullptr) return;
  locations.push_back({{"file", frame->file},
                       {"line", frame->line},
                       {"column", frame->column},
                       {"function", frame->function},
                       {"tid", thread.tid},
                       {"message", std::move(message)}});
}

// Derived from the cycle: where each member waits, then where it acquired what it holds.
Json locations_json(const finding::Finding& finding) {
  Json locations = Json::array();
  for (const finding::Step& step : finding.cycle) {
    add_location(locations, step.waiting_at, step.thread, attempt_phrase(finding.rule, step));
    for (const finding::Acquisition& hold : step.holds) {
      add_location(locations, hold.acquired_at, step.thread, acquisition_phrase(hold));
    }
  }
  return locations;
}

Json confirmation_json(const std::optional<finding::Confirmation>& confirmation) {
  if (!confirmation) return nullptr;
  return {{"outcome", confirmation->outcome}, {"tries", confirmation->tries},
          {"arrived", confirmation->arrived}, {"participants", confirmation->participants},
          {"seed", confirmation->seed},       {"explanation", confirmation->explanation}};
}

Json exercised_json(const std::optional<finding::Exercised>& exercised) {
  if (!exercised) return nullptr;
  return {{"outcome", exercised->outcome}, {"explanation", exercised->explanation}};
}

Json finding_json(const finding::Finding& finding) {
  return {{"rule", name_of(finding.rule)},
          {"grade", name_of(finding.grade)},
          {"grade_reason", finding.grade_reason},
          {"fingerprint", finding.fingerprint},
          {"summary", finding.summary},
          {"conditions", conditions_json(finding.conditions)},
          {"cycle", array_of(finding.cycle, [](const finding::Step& step) { return to_json(step); })},
          {"schedule", finding.schedule},
          {"members_not_shown", finding.members_not_shown},
          {"waiting_behind", finding.waiting_behind},
          {"locations", locations_json(finding)},
          {"fix", finding.fix},
          {"suppressed", finding.suppressed},
          {"suppression", finding.suppression},
          {"baseline", finding.baseline == finding::Baseline::kKnown ? "known" : "new"},
          {"pid", finding.pid},
          {"occurrences", finding.occurrences},
          {"also_in", finding.also_in},
          {"confirmation", confirmation_json(finding.confirmation)},
          {"exercised", exercised_json(finding.exercised)}};
}

Json edge_json(const finding::OrderEdge& edge) {
  return {{"from", resource_json(edge.from)},
          {"to", resource_json(edge.to)},
          {"from_mode", edge.from_mode},
          {"to_mode", edge.to_mode},
          {"acquired_at", stack_json(edge.acquired_at)},
          {"attempted_at", stack_json(edge.attempted_at)},
          {"guards", edge.guards},
          {"threads", edge.threads},
          {"contexts", edge.contexts}};
}

Json unseen_json(const finding::Unseen& unseen) {
  return {{"what", unseen.what},
          {"count", unseen.count},
          {"why", unseen.why},
          {"consequence", unseen.consequence}};
}

Json program_json(const finding::Program& program) {
  return {{"path", program.path},
          {"arguments", program.arguments},
          {"pid", program.pid},
          {"build_id", program.build_id},
          {"started", program.started}};
}

}  // namespace

Json to_json(const finding::ThreadName& thread) {
  return {{"name", thread.name}, {"tid", thread.tid}, {"pid", thread.pid}, {"started_at", thread.started_at}};
}

Json to_json(const finding::Acquisition& acquisition) {
  return {{"resource", resource_json(acquisition.resource)},
          {"mode", acquisition.mode},
          {"acquired_at", stack_json(acquisition.acquired_at)}};
}

Json to_json(const finding::Step& step) {
  return {{"thread", to_json(step.thread)},
          {"waits_for", resource_json(step.waits_for)},
          {"wait_mode", step.wait_mode},
          {"held_by", step.held_by.empty() ? Json(nullptr) : Json(step.held_by)},
          {"held_by_step", step.held_by_step ? Json(*step.held_by_step) : Json(nullptr)},
          {"link", step.link},
          {"since_ms", step.since_ms},
          {"waiting_at", stack_json(step.waiting_at)},
          {"holds", array_of(step.holds, [](const finding::Acquisition& hold) { return to_json(hold); })}};
}

Json to_json(const finding::OrderEdge& edge) {
  return edge_json(edge);
}

Json to_json(const finding::LockOrder& order) {
  return {{"edges", array_of(order.edges, edge_json)}, {"edges_not_shown", order.edges_not_shown}};
}

Json to_json(const finding::Finding& finding) {
  return finding_json(finding);
}

Json to_json(const finding::ThreadView& view) {
  return {{"thread", to_json(view.thread)},
          {"state", view.state},
          {"at", stack_json(view.at)},
          {"wait", view.wait ? to_json(*view.wait) : Json(nullptr)},
          {"holds", array_of(view.holds, [](const finding::Acquisition& hold) { return to_json(hold); })}};
}

Json to_json(const finding::Report& report) {
  Json json = {{"schema", kReportSchema},
               {"tool", {{"name", "gordian"}, {"version", GORDIAN_VERSION}}},
               {"program", program_json(report.program)},
               {"other_programs", array_of(report.other_programs, program_json)},
               {"findings", array_of(report.findings, finding_json)},
               {"unseen", array_of(report.unseen, unseen_json)},
               {"lock_order", to_json(report.lock_order)}};
  if (report.running) {
    json["running"] = *report.running;
    json["assumptions"] = report.assumptions;
    json["threads"] = array_of(report.threads, [](const finding::ThreadView& view) { return to_json(view); });
  }
  return json;
}

std::string dump(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::string render_json(const finding::Report& report) {
  return dump(to_json(report));
}

}  // namespace gordian::report
