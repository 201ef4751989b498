// Three ways to know a race. A variable that most places use under one lock, and some without it: the lock is
// inferred (as in Engler, Chen: RacerX, 2003). A global, or a local that threads are given, that two threads
// use with no common lock where the program is seen to start them. And a member that an object's own thread
// uses.
#include "analyzer/static-pass/checks/data-race.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "analyzer/finding/fingerprint.h"
#include "analyzer/finding/frames.h"
#include "analyzer/static-pass/checks/guarding.h"
#include "analyzer/static-pass/checks/meeting.h"

namespace gordian::check {
namespace {

constexpr size_t kMostSides = 4;
constexpr size_t kMostFrames = 12;

class RaceFinder {
 public:
  explicit RaceFinder(const Scene& scene)
      : scene_(scene),
        analysis_(scene.analysis),
        program_(scene.analysis.program),
        bindings_(scene.bindings),
        variables_(scene.analysis, scene.concurrency, bindings_),
        meeting_(scene.analysis, scene.concurrency, bindings_) {}

  std::vector<finding::Finding> run() {
    for (const auto& [key, uses] : variables_.by_class()) {
      if (!told_.contains(key.variable)) judge_guarded(key, uses);
    }
    for (const auto& [key, uses] : variables_.by_object()) {
      if (!told_.contains(key.variable)) judge_shared(key, uses);
    }
    for (const auto& [key, uses] : variables_.by_class()) {
      if (key.variable.kind == LockClass::Kind::kField && !told_.contains(key.variable))
        judge_own_thread(key, uses);
    }
    return std::move(findings_);
  }

 private:
  static bool conflict(const Use& one, const Use& other) { return one.access->write || other.access->write; }

  static std::vector<const Use*> one_a_place(const std::vector<Use>& uses) {
    std::map<Place, const Use*> places;
    for (const Use& use : uses) {
      const auto [place, is_new] = places.try_emplace(use.access->place, &use);
      const bool is_better = (use.access->write && !place->second->access->write) ||
                             (use.access->write == place->second->access->write &&
                              use.locks.size() < place->second->locks.size());
      if (!is_new && is_better) place->second = &use;
    }
    std::vector<const Use*> result;
    for (const auto& [place, use] : places) result.push_back(use);
    return result;
  }

  // The other side for a use without the lock; best one that has it, and writes.
  const Use* partner_of(const Use& use, const std::vector<Use>& uses, const Guarding& guard) const {
    const Use* partner = nullptr;
    const auto rank = [&](const Use& each) {
      return (holds(analysis_, each, guard.lock) ? 2 : 0) + (each.access->write ? 1 : 0);
    };
    for (const Use& other : uses) {
      if (&other == &use || !conflict(use, other)) continue;
      if (partner != nullptr && rank(other) <= rank(*partner)) continue;
      if (!meeting_.share_a_lock(use, other) && meeting_.can_meet(use, other)) partner = &other;
    }
    return partner;
  }

  // A write that holds the lock for reading only, or without the lock that an attribute asks for, is enough.
  bool is_wrong_alone(const Use& use, const Guarding& guard) const {
    const bool only_reads = std::ranges::any_of(use.locks, [&](const HeldLock& each) {
      return each.shared && analysis_.names.class_of(each.lock) == guard.lock;
    });
    return use.access->write && (guard.declared || only_reads) && meeting_.can_meet(use, use);
  }

  void judge_guarded(const VariableKey& key, const std::vector<Use>& uses) {
    std::optional<Guarding> guard = declared_guard(analysis_, key.variable);
    if (!guard) guard = inferred_guard(analysis_, key.variable, uses);
    if (!guard) return;
    std::map<Place, std::pair<const Use*, const Use*>> wrong;
    for (const Use& use : uses) {
      if (holds(analysis_, use, guard->lock) || use.maybe.contains(guard->lock)) continue;
      // What is taken down after its threads have ended needs no lock.
      if (use.access->after_join) continue;
      const Use* partner = partner_of(use, uses, *guard);
      if (partner == nullptr && is_wrong_alone(use, *guard)) partner = &use;
      if (partner != nullptr) wrong.try_emplace(use.access->place, &use, partner);
    }
    if (wrong.empty()) return;
    // Of several places the first that writes.
    auto chosen =
        std::ranges::find_if(wrong, [](const auto& each) { return each.second.first->access->write; });
    if (chosen == wrong.end()) chosen = wrong.begin();
    const auto [use, partner] = chosen->second;
    finding::Finding finding = finding_of({use, partner});
    finding.occurrences = static_cast<uint32_t>(wrong.size());
    const std::string lock = analysis_.names.stable(guard->example);
    const std::string where = guard->declared ? fmt::format("which is declared to be guarded by {}", lock)
                                              : fmt::format("which is used under {} in {} of {} places", lock,
                                                            guard->held, guard->places);
    finding.summary =
        fmt::format("{} {} {} without {}, {}.", called(scene_, use->access->in),
                    use->access->write ? "writes" : "reads", finding.cycle[0].waits_for.name, lock, where);
    finding.fix = fmt::format("Hold {} there too, or make the variable atomic.", lock);
    tell(key, *use, *partner, lock, std::move(finding));
  }

  void judge_shared(const VariableKey& key, const std::vector<Use>& all) {
    const std::vector<const Use*> uses = one_a_place(all);
    for (const Use* use : uses) {
      if (!use->access->write) continue;
      std::vector<const Use*> sides{use};
      const bool with_itself =
          meeting_.can_meet_as_seen(*use, *use) && !Meeting::has_exclusive(*use) && use->maybe.empty();
      for (const Use* other : uses) {
        if (other == use || sides.size() >= kMostSides || meeting_.may_share_a_lock(*use, *other) ||
            !meeting_.can_meet_as_seen(*use, *other))
          continue;
        sides.push_back(other);
      }
      if (sides.size() == 1 && with_itself) sides.push_back(use);
      if (sides.size() < 2) continue;
      finding::Finding finding = finding_of(sides);
      const std::string& name = finding.cycle[0].waits_for.name;
      finding.summary =
          sides[0] == sides[1]
              ? fmt::format("{} writes {} in several threads at the same time, with no lock.",
                            called(scene_, use->access->in), name)
              : fmt::format("{} writes {} while {} {} it, with no common lock.",
                            called(scene_, use->access->in), name, called(scene_, sides[1]->access->in),
                            sides[1]->access->write ? "writes" : "reads");
      finding.fix = "Hold one lock at every use, or make the variable atomic.";
      tell(key, *sides[0], *sides[1], {}, std::move(finding));
      return;
    }
  }

  // An object that starts a thread over itself, and a member of it that both use with no lock anywhere.
  void judge_own_thread(const VariableKey& key, const std::vector<Use>& all) {
    const std::vector<const Use*> uses = one_a_place(all);
    if (std::ranges::any_of(uses, [](const Use* use) { return !use->locks.empty(); })) return;
    for (const Use* inside : uses) {
      if (!meeting_.runs_in_own_thread(*inside)) continue;
      for (const Use* outside : uses) {
        if (outside == inside || !conflict(*inside, *outside) || outside->access->after_join) continue;
        const FunctionId in = outside->access->in;
        const bool is_own = program_.path(outside->access->path).root == Root::kThis;
        if (!is_own || scene_.concurrency.runs_in_thread(in) || meeting_.starts_thread_later(*outside))
          continue;
        if (!meeting_.can_meet(*inside, *outside)) continue;
        const bool writes = outside->access->write;
        finding::Finding finding =
            finding_of(writes ? std::vector{outside, inside} : std::vector{inside, outside});
        const Use& first = writes ? *outside : *inside;
        const Use& second = writes ? *inside : *outside;
        finding.summary =
            fmt::format("{} writes {} while {} {} it in a thread of the same object, with no lock.",
                        called(scene_, first.access->in), finding.cycle[0].waits_for.name,
                        called(scene_, second.access->in), second.access->write ? "writes" : "reads");
        finding.fix = "Hold one lock at every use, or make the variable atomic.";
        tell(key, first, second, {}, std::move(finding));
        return;
      }
    }
  }

  // Once for each variable; members of one class that the same two functions use alike are told as one.
  void tell(const VariableKey& key, const Use& one, const Use& other, const std::string& how,
            finding::Finding finding) {
    told_.insert(key.variable);
    const Field* field =
        key.variable.kind == LockClass::Kind::kField ? program_.field(key.variable.name) : nullptr;
    if (field != nullptr) {
      const auto [known, is_new] =
          told_alike_.try_emplace({field->owner, one.access->in, other.access->in, how}, findings_.size());
      if (!is_new) {
        findings_[known->second].occurrences += finding.occurrences;
        return;
      }
    }
    findings_.push_back(std::move(finding));
  }

  // The access, and the calls by which the function is come to as it was judged.
  finding::Stack stack_to(const Use& use) const {
    finding::Stack stack;
    for (const auto& [function, place] : use.inner) stack.push_back(frame_of(scene_, function, place));
    stack.push_back(frame_of(scene_, use.access->in, use.access->place));
    for (const EntryContext* at = use.entered; at->site != nullptr && stack.size() < kMostFrames;) {
      stack.push_back(frame_of(scene_, at->site->caller, at->site->place));
      at = &variables_.entries().of(at->site->caller)[at->caller];
    }
    return stack;
  }

  finding::Finding finding_of(const std::vector<const Use*>& sides) const {
    finding::Finding finding;
    finding.rule = finding::RuleId::kDataRace;
    finding.grade = finding::Grade::kPossible;
    std::vector<finding::FingerprintStep> parts;
    for (const Use* use : sides) {
      const Access& access = *use->access;
      finding::Step step;
      step.thread = thread_of(scene_, access.in);
      step.waits_for.name = analysis_.names.display(use->path, access.in);
      step.waits_for.stable = analysis_.names.stable(use->path);
      step.waits_for.kind = "variable";
      step.wait_mode = access.write ? "write" : "read";
      step.link = "access";
      step.waiting_at = stack_to(*use);
      for (const Hold& hold : access.holds) step.holds.push_back(acquisition_of(scene_, hold, access.in));
      parts.push_back({step.waits_for.stable, {}, finding::own_function(step.waiting_at)});
      finding.cycle.push_back(std::move(step));
    }
    if (parts.size() > 2) parts.resize(2);
    finding.fingerprint = finding::fingerprint(name_of(finding.rule), parts, false);
    return finding;
  }

  const Scene& scene_;
  const Analysis& analysis_;
  Program& program_;
  const Bindings& bindings_;
  SharedVariables variables_;
  Meeting meeting_;
  std::set<LockClass> told_;
  std::map<std::tuple<Symbol, FunctionId, FunctionId, std::string>, size_t> told_alike_;  // in findings_
  std::vector<finding::Finding> findings_;
};

}  // namespace

std::vector<finding::Finding> check_data_race(const Scene& scene) {
  return RaceFinder(scene).run();
}

}  // namespace gordian::check
