#include "analyzer/finding/suppressions.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "analyzer/finding/frames.h"
#include "analyzer/finding/glob.h"

namespace gordian::finding {
namespace {

// `bank.cpp` and `src/*` match /opt/bank/src/bank.cpp: they cover the path from one of its slashes on.
bool matches_path(const std::string& pattern, std::string_view path) {
  if (path.empty()) return false;
  if (glob_matches(pattern, path)) return true;
  for (size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    if (glob_matches(pattern, path.substr(slash + 1))) return true;
  }
  return false;
}

bool matches_lock(const std::string& pattern, const ResourceName& resource) {
  return !resource.stable.empty() && glob_matches(pattern, resource.stable);
}

bool matches_function(const std::string& pattern, const std::string& function) {
  return !function.empty() &&
         (glob_matches(pattern, function) || glob_matches(pattern, without_parameters(function)));
}

bool matches_frame(const Suppression& suppression, const Frame& frame) {
  using Subject = Suppression::Subject;
  const std::string& pattern = suppression.pattern;
  switch (suppression.subject) {
    case Subject::kLock:
      return false;
    case Subject::kLockOrFunction:
    case Subject::kFunction:
      return matches_function(pattern, frame.function);
    case Subject::kModule:
      return matches_path(pattern, frame.module);
    case Subject::kFile:
      return matches_path(pattern, frame.file);
    case Subject::kAnything:
      return matches_function(pattern, frame.function) || matches_path(pattern, frame.module) ||
             matches_path(pattern, frame.file);
  }
  return false;
}

bool matches_step(const Suppression& suppression, const Step& step) {
  using Subject = Suppression::Subject;
  const auto lock = [&](const ResourceName& resource) {
    const bool is_asked = suppression.subject == Subject::kLock ||
                          suppression.subject == Subject::kLockOrFunction ||
                          suppression.subject == Subject::kAnything;
    return is_asked && matches_lock(suppression.pattern, resource);
  };
  const auto stack = [&](const Stack& frames) {
    return std::ranges::any_of(frames, [&](const Frame& frame) { return matches_frame(suppression, frame); });
  };
  if (suppression.is_innermost)
    return !step.waiting_at.empty() && matches_frame(suppression, step.waiting_at.front());
  return lock(step.waits_for) || stack(step.waiting_at) ||
         std::ranges::any_of(step.holds, [&](const Acquisition& hold) {
           return lock(hold.resource) || stack(hold.acquired_at);
         });
}

}  // namespace

bool Suppression::matches(const Finding& finding) const {
  if (!fingerprint.empty()) return finding.fingerprint == fingerprint;
  if (rule && *rule != finding.rule) return false;
  if (subject == Subject::kLockOrFunction && pattern == "*") return true;
  return std::ranges::any_of(finding.cycle, [this](const Step& step) { return matches_step(*this, step); });
}

void Suppressions::add(std::vector<Suppression> suppressions) {
  std::ranges::move(suppressions, std::back_inserter(suppressions_));
}

void Suppressions::apply(Report& report) {
  for (Finding& finding : report.findings) {
    for (Suppression& suppression : suppressions_) {
      if (!suppression.matches(finding)) continue;
      suppression.is_used = true;
      if (!std::exchange(finding.suppressed, true)) finding.suppression = suppression.reason;
    }
  }
}

std::vector<Suppression> Suppressions::unused() const {
  std::vector<Suppression> result;
  std::ranges::copy_if(suppressions_, std::back_inserter(result),
                       [](const Suppression& each) { return !each.is_used; });
  return result;
}

}  // namespace gordian::finding
