// Two ways to know a race. A variable that most places use under one lock, and some without it: the lock is
// inferred (as in Engler, Chen: RacerX, 2003). And a global, or a local that threads share, that two threads
// use with no common lock where the program is seen to start them.
#include "analyzer/static-pass/checks/data-race.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "analyzer/finding/fingerprint.h"
#include "analyzer/finding/frames.h"
#include "analyzer/static-pass/link/bindings.h"
#include "analyzer/static-pass/link/locksets.h"

namespace gordian::check {
namespace {

constexpr size_t kMostSides = 4;

struct Use {
  const Access* access;
  PathId path;               // settled
  std::set<HeldLock> locks;  // settled
};

// What is behind a pointer is another variable than the pointer.
struct VariableKey {
  LockClass variable;
  PathId object;  // of a global or a shared local: the whole path; 0: any object
  bool behind = false;
  auto operator<=>(const VariableKey&) const = default;
};

class RaceFinder {
 public:
  explicit RaceFinder(const Scene& scene)
      : scene_(scene),
        analysis_(scene.analysis),
        program_(scene.analysis.program),
        entry_locks_(scene.analysis, scene.concurrency),
        bindings_(scene.analysis, scene.concurrency) {
    find_construction();
    for (const Signal& signal : analysis_.events.signals) {
      const PathId settled = bindings_.bound(signal.object, signal.in);
      signals_[signal.in].insert(analysis_.names.class_of(settled));
    }
    for (const Access& access : analysis_.events.accesses) add(access);
  }

  std::vector<finding::Finding> run() {
    for (const auto& [key, uses] : by_class_) judge_inferred(key, uses);
    for (const auto& [key, uses] : by_object_) {
      if (!told_.contains(key.variable)) judge_shared(uses);
    }
    for (const auto& [key, uses] : by_class_) {
      if (key.variable.kind == LockClass::Kind::kField && !told_.contains(key.variable))
        judge_own_thread(uses);
    }
    return std::move(findings_);
  }

 private:
  // Members that only constructors and destructors call, and what runs once, before anybody else can come.
  void find_construction() {
    const uint16_t kEither = function_flags::kConstructor | function_flags::kDestructor;
    std::map<FunctionId, std::vector<FunctionId>> callers;
    for (const CallSite& site : analysis_.events.calls) callers[site.callee].push_back(site.caller);
    for (uint32_t i = 0; i < program_.functions().size(); ++i) {
      const bool is_once = analysis_.shared.once.contains({i});
      if ((program_.function({i}).flags & kEither) != 0 || is_once) construction_.insert({i});
    }
    bool changed = true;
    while (changed) {
      changed = false;
      for (const auto& [callee, list] : callers) {
        if (construction_.contains(callee) || scene_.concurrency.is_entry(callee)) continue;
        if ((program_.function(callee).flags & function_flags::kLambda) != 0) continue;
        const bool only =
            std::ranges::all_of(list, [&](FunctionId each) { return construction_.contains(each); });
        if (only) changed |= construction_.insert(callee).second;
      }
    }
  }

  bool is_in_construction(const Access& access, const Path& path) const {
    if (!construction_.contains(access.in)) return false;
    return path.root == Root::kThis || analysis_.shared.once.contains(access.in);
  }

  // Locks, conditions, threads and atomics are made to be shared.
  bool is_made_for_sharing(Symbol type) const {
    const std::string& name = program_.text(type);
    static const std::vector<std::string> kStarts = {"std::atomic",
                                                     "pthread_",
                                                     "std::condition_variable",
                                                     "std::once_flag",
                                                     "std::thread",
                                                     "std::jthread",
                                                     "std::counting_semaphore",
                                                     "std::binary_semaphore",
                                                     "std::latch",
                                                     "std::barrier",
                                                     "std::stop_",
                                                     "sem_t",
                                                     "mtx_t",
                                                     "cnd_t",
                                                     "std::promise",
                                                     "std::future",
                                                     "std::shared_future",
                                                     "absl::CondVar",
                                                     "absl::Notification",
                                                     "std::mutex",
                                                     "std::unique_lock",
                                                     "std::shared_lock",
                                                     "std::lock_guard",
                                                     "std::scoped_lock"};
    return analysis_.models.is_lock_class(name) || analysis_.models.guard_class(name) != nullptr ||
           std::ranges::any_of(kStarts, [&](const std::string& start) { return name.starts_with(start); });
  }

  bool is_left_out(const LockClass& variable) const {
    if (variable.kind == LockClass::Kind::kGlobal) {
      const Variable* global = program_.global(variable.name);
      return global == nullptr || global->is_thread_local || global->is_const || global->is_atomic ||
             is_made_for_sharing(global->type);
    }
    if (variable.kind == LockClass::Kind::kField) {
      const Field* field = program_.field(variable.name);
      return field == nullptr || field->is_const || field->is_atomic || is_made_for_sharing(field->type);
    }
    return false;
  }

  void add(const Access& access) {
    if (access.atomic || access.fresh || is_handed_to_lock_function(access)) return;
    const PathId settled = bindings_.bound(access.path, access.in);
    const Path& path = program_.path(settled);
    const LockClass variable = analysis_.names.class_of(settled);
    if (variable.kind == LockClass::Kind::kNone || variable.kind == LockClass::Kind::kParameter) return;
    if (is_left_out(variable) || is_in_construction(access, program_.path(access.path))) return;
    if (path.root == Root::kLocal) {
      const FunctionId owner = program_.function_of(path.name);
      if (!owner || path.number >= program_.function(owner).locals.size()) return;
      const Variable& local = program_.function(owner).locals[path.number];
      if (is_made_for_sharing(local.type) || local.is_atomic || local.is_const) return;
    }
    Use use{&access, settled, {}};
    for (const Hold& hold : access.holds) add_lock(use, {hold.lock, hold.shared});
    for (const HeldLock& held : entry_locks_.of(access.in)) add_lock(use, held);
    const bool behind = !path.elements.empty() && path.elements.back().kind == Element::Kind::kIndex;
    if (variable.kind == LockClass::Kind::kField) by_class_[{variable, {}, behind}].push_back(use);
    if (variable.kind == LockClass::Kind::kGlobal) by_class_[{variable, {}, behind}].push_back(use);
    if (is_shared_object(path)) {
      Path whole = path;
      for (Element& element : whole.elements) {
        if (element.kind == Element::Kind::kIndex) element.name = {};
      }
      by_object_[{variable, program_.path(std::move(whole)), behind}].push_back(use);
    }
  }

  // The address of a lock, given to what takes it.
  bool is_handed_to_lock_function(const Access& access) const {
    return access.member && analysis_.models.find(program_.text(access.member)) != nullptr;
  }

  void add_lock(Use& use, HeldLock held) const {
    // A lock of each of several objects is none of what they share.
    const bool is_own = bindings_.is_given_several(held.lock, use.access->in);
    if (is_own && program_.path(use.path).root == Root::kGlobal) return;
    held.lock = bindings_.bound(held.lock, use.access->in);
    if (analysis_.names.class_of(held.lock).kind != LockClass::Kind::kNone) use.locks.insert(held);
  }

  // A global, or a local that a lambda has by reference.
  bool is_shared_object(const Path& path) const {
    return path.root == Root::kGlobal || (path.root == Root::kLocal && path.name);
  }

  bool share_a_lock(const Use& one, const Use& other) const {
    return std::ranges::any_of(one.locks, [&](const HeldLock& mine) {
      return std::ranges::any_of(other.locks, [&](const HeldLock& theirs) {
        return !(mine.shared && theirs.shared) && analysis_.names.may_be_same(mine.lock, theirs.lock);
      });
    });
  }

  // One says by a semaphore, a condition or an atomic flag that it is done, and the other has waited for
  // that.
  bool is_told(const Use& one, const Use& other) const {
    const auto signals = signals_.find(one.access->in);
    if (signals == signals_.end()) return false;
    return std::ranges::any_of(other.access->awaited, [&](PathId event) {
      const LockClass known = analysis_.names.class_of(bindings_.bound(event, other.access->in));
      return known.kind != LockClass::Kind::kNone && signals->second.contains(known);
    });
  }

  bool can_meet(const Use& one, const Use& other) const {
    if (is_told(one, other) || is_told(other, one)) return false;
    return scene_.concurrency.parallel(one.access->in, one.access->alive, other.access->in,
                                       other.access->alive);
  }

  static bool conflict(const Use& one, const Use& other) { return one.access->write || other.access->write; }

  static std::vector<const Use*> one_a_place(const std::vector<Use>& uses) {
    std::map<Place, const Use*> places;
    for (const Use& use : uses) {
      const auto [place, is_new] = places.try_emplace(use.access->place, &use);
      if (!is_new && use.access->write) place->second = &use;
    }
    std::vector<const Use*> result;
    for (const auto& [place, use] : places) result.push_back(use);
    return result;
  }

  // The lock that most places hold; attributes say it outright.
  struct Inferred {
    LockClass lock;
    PathId example;
    size_t held = 0;
    bool declared = false;
  };

  std::optional<Inferred> declared_guard(const LockClass& variable) const {
    const Path* guard = nullptr;
    if (variable.kind == LockClass::Kind::kField) guard = &program_.field(variable.name)->guarded_by;
    if (variable.kind == LockClass::Kind::kGlobal) guard = &program_.global(variable.name)->guarded_by;
    if (guard == nullptr || (guard->root == Root::kUnknown && guard->elements.empty())) return std::nullopt;
    const PathId lock = program_.path(*guard);
    return Inferred{analysis_.names.class_of(lock), lock, 0, true};
  }

  std::optional<Inferred> inferred_guard(const std::vector<const Use*>& uses) const {
    std::map<LockClass, Inferred> counts;
    for (const Use* use : uses) {
      std::set<LockClass> classes;
      for (const HeldLock& held : use->locks) {
        const LockClass lock = analysis_.names.class_of(held.lock);
        if (!classes.insert(lock).second) continue;
        Inferred& count = counts[lock];
        count.lock = lock;
        count.example = held.lock;
        ++count.held;
      }
    }
    std::optional<Inferred> best;
    for (const auto& [lock, count] : counts) {
      if (!best || count.held > best->held) best = count;
    }
    if (!best || best->held < 2 || best->held * 3 < uses.size() * 2) return std::nullopt;
    return best;
  }

  bool holds(const Use& use, const LockClass& lock) const {
    return std::ranges::any_of(use.locks, [&](const HeldLock& held) {
      return analysis_.names.class_of(held.lock) == lock && !(held.shared && use.access->write);
    });
  }

  void judge_inferred(const VariableKey& key, const std::vector<Use>& all) {
    const std::vector<const Use*> uses = one_a_place(all);
    std::optional<Inferred> guard = declared_guard(key.variable);
    if (!guard) guard = inferred_guard(uses);
    if (!guard) return;
    const size_t held = static_cast<size_t>(
        std::ranges::count_if(uses, [&](const Use* use) { return holds(*use, guard->lock); }));
    for (const Use* use : uses) {
      if (holds(*use, guard->lock)) continue;
      const Use* partner = nullptr;
      for (const Use* other : uses) {
        if (other == use || !conflict(*use, *other) || share_a_lock(*use, *other) || !can_meet(*use, *other))
          continue;
        // Best against one that has the lock, and writes.
        const auto rank = [&](const Use* each) {
          return (holds(*each, guard->lock) ? 2 : 0) + (each->access->write ? 1 : 0);
        };
        if (partner == nullptr || rank(other) > rank(partner)) partner = other;
      }
      if (partner == nullptr) {
        const bool only_reads = std::ranges::any_of(use->locks, [&](const HeldLock& each) {
          return each.shared && analysis_.names.class_of(each.lock) == guard->lock;
        });
        const bool alone = (guard->declared || only_reads) && use->access->write && can_meet(*use, *use);
        if (!alone) continue;
        partner = use;
      }
      told_.insert(key.variable);
      finding::Finding finding = finding_of({use, partner});
      const std::string lock = analysis_.names.stable(guard->example);
      const std::string where =
          guard->declared ? fmt::format("which is declared to be guarded by {}", lock)
                          : fmt::format("which is used under {} in {} of {} places", lock, held, uses.size());
      finding.summary =
          fmt::format("{} {} {} without {}, {}.", called(scene_, use->access->in),
                      use->access->write ? "writes" : "reads", finding.cycle[0].waits_for.name, lock, where);
      finding.fix = fmt::format("Hold {} there too, or make the variable atomic.", lock);
      add_once(findings_, std::move(finding));
    }
  }

  void judge_shared(const std::vector<Use>& all) {
    const std::vector<const Use*> uses = one_a_place(all);
    for (const Use* use : uses) {
      if (!use->access->write) continue;
      std::vector<const Use*> sides{use};
      const bool with_itself = can_meet(*use, *use) && !has_exclusive(*use);
      for (const Use* other : uses) {
        if (other == use || sides.size() >= kMostSides || share_a_lock(*use, *other) ||
            !can_meet(*use, *other))
          continue;
        sides.push_back(other);
      }
      if (sides.size() == 1 && with_itself) sides.push_back(use);
      if (sides.size() < 2 || !is_seen_in_thread(sides)) continue;
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
      add_once(findings_, std::move(finding));
      return;
    }
  }

  // An object that starts a thread over itself, and a member of it that both use with no lock anywhere.
  void judge_own_thread(const std::vector<Use>& all) {
    const std::vector<const Use*> uses = one_a_place(all);
    if (std::ranges::any_of(uses, [](const Use* use) { return !use->locks.empty(); })) return;
    for (const Use* inside : uses) {
      if (!runs_in_own_thread(*inside)) continue;
      for (const Use* outside : uses) {
        if (outside == inside || !conflict(*inside, *outside) || outside->access->after_join) continue;
        const FunctionId in = outside->access->in;
        const bool is_own = program_.path(outside->access->path).root == Root::kThis;
        if (!is_own || scene_.concurrency.runs_in_thread(in) || starts_thread_later(*outside)) continue;
        if (!can_meet(*inside, *outside)) continue;
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
        add_once(findings_, std::move(finding));
        return;
      }
    }
  }

  // Whether `this` is the object that started the thread which comes here.
  bool runs_in_own_thread(const Use& use) const {
    if (!scene_.concurrency.runs_in_thread(use.access->in)) return false;
    const FunctionId root = scene_.concurrency.only_root(use.access->in);
    const Symbol owner = program_.field(analysis_.names.class_of(use.path).name)->owner;
    if (!root) return false;
    return std::ranges::any_of(analysis_.events.starts, [&](const ThreadStart& start) {
      return start.entry == root && program_.function(start.in).owner == owner;
    });
  }

  // Before the thread is started, in the function that starts it.
  bool starts_thread_later(const Use& use) const {
    return std::ranges::any_of(analysis_.events.starts, [&](const ThreadStart& start) {
      return start.in == use.access->in &&
             std::ranges::find(use.access->alive, start.entry) == use.access->alive.end();
    });
  }

  bool has_exclusive(const Use& use) const {
    return std::ranges::any_of(use.locks, [](const HeldLock& held) { return !held.shared; });
  }

  bool is_seen_in_thread(const std::vector<const Use*>& sides) const {
    return std::ranges::any_of(
        sides, [&](const Use* use) { return scene_.concurrency.runs_in_thread(use->access->in); });
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
      step.waiting_at = {frame_of(scene_, access.in, access.place)};
      for (const Hold& hold : access.holds) step.holds.push_back(acquisition_of(scene_, hold, access.in));
      parts.push_back({step.waits_for.stable, step.wait_mode, finding::own_function(step.waiting_at)});
      finding.cycle.push_back(std::move(step));
    }
    if (parts.size() > 2) parts.resize(2);
    finding.fingerprint = finding::fingerprint(name_of(finding.rule), parts, false);
    return finding;
  }

  const Scene& scene_;
  const Analysis& analysis_;
  Program& program_;
  EntryLocks entry_locks_;
  Bindings bindings_;
  std::map<FunctionId, std::set<LockClass>> signals_;
  std::set<FunctionId> construction_;
  std::map<VariableKey, std::vector<Use>> by_class_;
  std::map<VariableKey, std::vector<Use>> by_object_;
  std::set<LockClass> told_;
  std::vector<finding::Finding> findings_;
};

}  // namespace

std::vector<finding::Finding> check_data_race(const Scene& scene) {
  return RaceFinder(scene).run();
}

}  // namespace gordian::check
