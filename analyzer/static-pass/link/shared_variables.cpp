#include "analyzer/static-pass/link/shared_variables.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "analyzer/static-pass/link/construction.h"

namespace gordian::check {
namespace {

// A parameter that is passed on as a parameter is followed so far.
constexpr int kDeepest = 4;
constexpr size_t kMostRaised = 200'000;

constexpr std::array<std::string_view, 25> kMadeForSharing = {"std::atomic",
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
                                                              "std::scoped_lock",
                                                              "std::shared_mutex"};

}  // namespace

SharedVariables::SharedVariables(const Analysis& analysis, const Concurrency& concurrency,
                                 const Bindings& bindings)
    : analysis_(analysis),
      concurrency_(concurrency),
      bindings_(bindings),
      program_(analysis.program),
      entries_(analysis, concurrency, bindings),
      callers_(analysis.program.functions().size()) {
  for (const CallSite& site : analysis.events.calls) callers_[site.callee.value].push_back(&site);
  // What is taken twice for certain is told by another rule, and is held for writing too.
  for (const DoubleLock& twice : analysis.events.double_locks)
    double_locked_.insert({twice.in, analysis.names.class_of(twice.held.lock).name});
  find_once();
  for (const Access& access : analysis.events.accesses) add(access, {}, 0);
}

// What runs once, before anybody else can come, and what only that calls.
void SharedVariables::find_once() {
  once_ = analysis_.shared.once;
  if (once_.empty()) return;
  for (bool changed = true; changed;) {
    changed = false;
    for (uint32_t i = 0; i < callers_.size(); ++i) {
      if (callers_[i].empty() || once_.contains({i})) continue;
      const bool only = std::ranges::all_of(
          callers_[i], [&](const CallSite* site) { return once_.contains(site->caller); });
      if (only) changed |= once_.insert(FunctionId{i}).second;
    }
  }
}

// Locks, conditions, threads and atomics are made to be shared.
bool SharedVariables::is_made_for_sharing(Symbol type) const {
  const std::string& name = program_.text(type);
  return analysis_.models.is_lock_class(name) || analysis_.models.guard_class(name) != nullptr ||
         std::ranges::any_of(kMadeForSharing,
                             [&](std::string_view start) { return name.starts_with(start); });
}

bool SharedVariables::is_left_out(const LockClass& variable, const Path& path) const {
  if (path.root == Root::kLocal) {
    const FunctionId owner = program_.function_of(path.name);
    if (!owner || path.number >= program_.function(owner).locals.size()) return true;
    const Variable& local = program_.function(owner).locals[path.number];
    if (is_made_for_sharing(local.type) || local.is_atomic || local.is_const) return true;
  }
  if (variable.kind == LockClass::Kind::kGlobal) {
    const Variable* global = program_.global(variable.name);
    return global == nullptr || global->is_thread_local || global->is_const || global->is_atomic ||
           is_made_for_sharing(global->type);
  }
  if (path.root == Root::kGlobal) {
    const Variable* global = program_.global(path.name);
    if (global != nullptr && global->is_thread_local) return true;
  }
  if (variable.kind == LockClass::Kind::kField) {
    const Field* field = program_.field(variable.name);
    return field == nullptr || field->is_const || field->is_atomic || is_made_for_sharing(field->type);
  }
  return variable.kind == LockClass::Kind::kNone;
}

// Unlocked, in a function that by its name makes its object, or ends it; of globals it is said of what main
// sets up.
bool SharedVariables::is_made_or_unmade(const Access& access) const {
  if (!access.holds.empty() || !is_construction_by_name(program_, access.in)) return false;
  return program_.path(access.path).root != Root::kGlobal ||
         is_only_in_main(analysis_, concurrency_, access.in);
}

void SharedVariables::add(const Access& access, const std::vector<std::pair<FunctionId, Place>>& inner,
                          int depth) {
  if (access.atomic || access.fresh || once_.contains(access.in)) return;
  // The address of a lock, given to what takes it.
  if (access.member && analysis_.models.find(program_.text(access.member)) != nullptr) return;
  const PathId settled = bindings_.bound(access.path, access.in);
  const Path& path = program_.path(settled);
  const LockClass variable = analysis_.names.class_of(settled);
  if (variable.kind == LockClass::Kind::kParameter) return raise(access, path, inner, depth);
  if (is_left_out(variable, path) || is_made_or_unmade(access)) return;
  const Path& local = program_.path(analysis_.names.settled(access.path, access.in));
  if (local.root == Root::kLocal) {
    const FunctionId owner = program_.function_of(local.name);
    const bool is_object = owner && !program_.function(owner).locals[local.number].is_pointer;
    if (is_object && !bindings_.is_in_threads(settled)) return;
  }
  for (const EntryContext& context : entries_.of(access.in)) {
    if (context.setup || entries_.is_owned(access.path, access.in, context)) continue;
    Use use{&access, settled, {}, &context, inner, context.maybe};
    use.maybe.merge(std::set<LockClass>(entries_.sometimes_held(access.in, access.place)));
    for (const HeldLock& held : entries_.held(access.holds, context)) {
      use.maybe.erase(analysis_.names.class_of(held.lock));
      add_lock(use, held);
    }
    add_use(std::move(use), variable);
  }
}

// Seen from the callers of a function that uses what it is given.
void SharedVariables::raise(const Access& access, const Path& path,
                            std::vector<std::pair<FunctionId, Place>> inner, int depth) {
  const FunctionId owner = path.name ? program_.function_of(path.name) : access.in;
  if (depth >= kDeepest || owner != access.in || raised_.size() >= kMostRaised) {
    ++analysis_.shared.dropped;
    return;
  }
  inner.emplace_back(access.in, access.place);
  for (const CallSite* site : callers_[access.in.value]) {
    if (path.number >= site->arguments.size()) continue;
    const PathId argument = site->arguments[path.number];
    const Root root = program_.path(argument).root;
    const bool is_own = root == Root::kFresh || root == Root::kConstant || root == Root::kUnknown;
    if (!argument || is_own || site->caller == access.in) continue;
    Access outer = access;
    outer.in = site->caller;
    outer.place = site->place;
    outer.path = program_.extended(argument, path.elements);
    outer.alive = site->alive;
    outer.holds = site->holds;
    for (const Hold& hold : access.holds) {
      const Root of = program_.path(hold.lock).root;
      if (of == Root::kGlobal) outer.holds.push_back(hold);
    }
    raised_.push_back(std::move(outer));
    add(raised_.back(), inner, depth + 1);
  }
}

void SharedVariables::add_lock(Use& use, HeldLock held) const {
  // A lock of each of several objects is none of what they share.
  const bool is_own = bindings_.is_given_several(held.lock, use.access->in);
  if (is_own && program_.path(use.path).root == Root::kGlobal) return;
  held.lock = bindings_.bound(held.lock, use.access->in);
  const LockClass lock = analysis_.names.class_of(held.lock);
  if (double_locked_.contains({use.access->in, lock.name})) held.shared = false;
  if (lock.kind != LockClass::Kind::kNone) use.locks.insert(held);
}

void SharedVariables::add_use(Use use, const LockClass& variable) {
  const Path& path = program_.path(use.path);
  const bool behind = !path.elements.empty() && path.elements.back().kind == Element::Kind::kIndex;
  if (path.root == Root::kGlobal || (path.root == Root::kLocal && bindings_.is_in_threads(use.path))) {
    Path whole = path;
    for (Element& element : whole.elements) {
      if (element.kind == Element::Kind::kIndex) element.name = {};
    }
    by_object_[{variable, program_.path(std::move(whole)), behind}].push_back(use);
  }
  const bool has_class =
      variable.kind == LockClass::Kind::kField || variable.kind == LockClass::Kind::kGlobal;
  if (has_class) by_class_[{variable, {}, behind}].push_back(std::move(use));
}

}  // namespace gordian::check
