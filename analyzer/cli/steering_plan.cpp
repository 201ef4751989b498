#include "analyzer/cli/steering_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <random>

#include "analyzer/capture/function_names.h"
#include "analyzer/capture/lock_names.h"

namespace gordian::cli {
namespace {

using model::ResourceKind;
using record::SteeringFrame;
using record::SteeringPart;

std::optional<ResourceKind> kind_from(const std::string& name) {
  for (auto kind = static_cast<uint8_t>(ResourceKind::kMutex);
       kind <= static_cast<uint8_t>(ResourceKind::kFutex); ++kind) {
    if (capture::kind_name(static_cast<ResourceKind>(kind)) == name) return static_cast<ResourceKind>(kind);
  }
  return std::nullopt;
}

SteeringFrame place_of(const finding::Frame& frame) {
  const std::string_view name = capture::base_name(frame.module);
  return {record::steering_hash(name.data(), name.size()), frame.module_offset};
}

SteeringFrame place_of(const finding::ResourceName& lock) {
  if (lock.module.empty()) return {};
  const std::string_view name = capture::base_name(lock.module);
  return {record::steering_hash(name.data(), name.size()), lock.module_offset};
}

// What the machine sees of a stack: the inlined frames of one call share its address. As far as the program's
// own function and its caller: further out the same code may be reached by other ways.
std::vector<SteeringFrame> calls_of(const finding::Stack& stack) {
  const finding::Frame* own = capture::own_frame(stack);
  std::vector<SteeringFrame> calls;
  uint64_t last = 0;
  size_t beyond = 0;
  bool is_past_own = false;
  for (const finding::Frame& frame : stack) {
    if (!frame.language.empty()) continue;
    if (frame.address != last) {
      if (is_past_own && ++beyond > 1) break;
      if (calls.size() == record::kMaxSteeringFrames || frame.module.empty()) break;
      calls.push_back(place_of(frame));
      last = frame.address;
    }
    is_past_own = is_past_own || &frame == own;
  }
  return calls;
}

std::optional<SteeringPart> part_for(const finding::Step& step) {
  SteeringPart part{};
  const std::vector<SteeringFrame> calls = calls_of(step.waiting_at);
  const auto kind = kind_from(step.waits_for.kind);
  if (!kind || calls.empty()) return std::nullopt;
  part.kind = static_cast<uint8_t>(*kind);
  part.asked_lock = place_of(step.waits_for);
  part.frame_count = static_cast<uint32_t>(calls.size());
  std::ranges::copy(calls, part.frames);
  const bool holds_itself = step.holds.empty() || step.holds.front().resource.kind == "thread";
  if (holds_itself) {
    part.hold_kind = static_cast<uint8_t>(ResourceKind::kThread);
    return part;
  }
  const finding::Acquisition& hold = step.holds.front();
  const auto hold_kind = kind_from(hold.resource.kind);
  const std::vector<SteeringFrame> taken = calls_of(hold.acquired_at);
  if (!hold_kind || taken.empty()) return std::nullopt;
  part.hold_kind = static_cast<uint8_t>(*hold_kind);
  part.hold = taken.front();
  part.held_lock = place_of(hold.resource);
  return part;
}

}  // namespace

TryPlan plan_try(uint64_t seed, uint32_t number, uint32_t patience_ms, const record::Steering& last) {
  constexpr uint32_t kPatientFrom = 6;
  constexpr uint32_t kMostAside = 4;
  TryPlan plan{patience_ms * (number < kPatientFrom ? 1 : 3), number % 3 == 2,
               std::vector<uint32_t>(last.part_count, 0)};
  // Who comes often is let pass until just before the rarest of them comes; later tries vary that.
  std::mt19937_64 random(seed * 1'000'003 + number);
  for (uint32_t i = 0; i < last.part_count; ++i) {
    const uint32_t before = last.parts[i].seen_before;
    const auto aside = static_cast<uint32_t>(number < 3 ? 0 : random() % kMostAside);
    if (before != 0) plan.skips[i] = before - 1 > aside ? before - 1 - aside : 0;
  }
  if (number < 3) return plan;
  // And they begin with another of the threads.
  for (uint32_t i = 0; i < last.part_count; ++i)
    if (last.parts[i].seen_before == 0) plan.skips[i] = static_cast<uint32_t>(random() % kMostAside);
  if (last.part_count != 0) plan.skips[random() % last.part_count] = 0;
  return plan;
}

std::variant<record::Steering, std::string> steering_for(const finding::Finding& finding,
                                                         const TryPlan& how) {
  record::Steering plan{};
  std::memcpy(plan.magic, record::kSteeringMagic, sizeof plan.magic);
  plan.version = record::kSteeringVersion;
  plan.patience_ms = how.patience_ms;
  plan.loose = how.loose ? 1 : 0;
  if (finding.cycle.size() < 2 || finding.cycle.size() > record::kMaxSteeringParts) {
    return fmt::format("a cycle of {} threads cannot be steered: 2 to {} can", finding.cycle.size(),
                       record::kMaxSteeringParts);
  }
  for (size_t i = 0; i < finding.cycle.size(); ++i) {
    const auto part = part_for(finding.cycle[i]);
    if (!part)
      return fmt::format("the report does not say where {} takes its locks", finding.cycle[i].thread.name);
    plan.parts[plan.part_count] = *part;
    const uint32_t skip = i < how.skips.size() ? how.skips[i] : 0;
    plan.parts[plan.part_count++].skip = static_cast<uint16_t>(std::min<uint32_t>(skip, UINT16_MAX));
  }
  return plan;
}

}  // namespace gordian::cli
