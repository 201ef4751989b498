#include "analyzer/static-pass/link/state.h"

#include <algorithm>

namespace gordian::check {
namespace {

// A chain of assignments is followed so far: a longer one is a circle.
constexpr int kLongestChain = 12;

bool holds_between(int64_t left, Test::Kind kind, int64_t right) {
  switch (kind) {
    case Test::Kind::kEqual:
      return left == right;
    case Test::Kind::kNotEqual:
      return left != right;
    case Test::Kind::kLess:
      return left < right;
    case Test::Kind::kLessOrEqual:
      return left <= right;
    case Test::Kind::kGreater:
      return left > right;
    case Test::Kind::kGreaterOrEqual:
      return left >= right;
    default:
      return true;
  }
}

Test::Kind negated(Test::Kind kind) {
  switch (kind) {
    case Test::Kind::kEqual:
      return Test::Kind::kNotEqual;
    case Test::Kind::kNotEqual:
      return Test::Kind::kEqual;
    case Test::Kind::kLess:
      return Test::Kind::kGreaterOrEqual;
    case Test::Kind::kLessOrEqual:
      return Test::Kind::kGreater;
    case Test::Kind::kGreater:
      return Test::Kind::kLessOrEqual;
    case Test::Kind::kGreaterOrEqual:
      return Test::Kind::kLess;
    default:
      return kind;
  }
}

bool is_constant(const Path& path) {
  return path.root == Root::kConstant && path.elements.empty();
}

// What changes only by an assignment that is seen.
bool is_variable(const Path& path) {
  return (path.root == Root::kLocal || path.root == Root::kParameter || path.root == Root::kResult) &&
         path.elements.empty();
}

int64_t number_of(const Path& path) {
  return static_cast<int32_t>(path.number);
}

}  // namespace

Hold* State::find_hold(PathId lock) {
  const auto place =
      std::ranges::find_if(holds, [&](const Hold& hold) { return hold.lock == lock && !hold.stale; });
  return place == holds.end() ? nullptr : &*place;
}

const Guard* State::find_guard(PathId object) const {
  const auto place = std::ranges::find(guards, object, &std::pair<PathId, Guard>::first);
  return place == guards.end() ? nullptr : &place->second;
}

void State::set_guard(PathId object, Guard guard) {
  drop_guard(object);
  const auto place = std::ranges::lower_bound(guards, object, {}, &std::pair<PathId, Guard>::first);
  guards.insert(place, {object, std::move(guard)});
}

void State::drop_guard(PathId object) {
  std::erase_if(guards, [&](const auto& each) { return each.first == object; });
}

std::optional<PathId> State::value_at(PathId location) const {
  const auto place = std::ranges::lower_bound(values, location, {}, &std::pair<PathId, PathId>::first);
  if (place == values.end() || place->first != location) return std::nullopt;
  return place->second;
}

void State::set_value(PathId location, PathId value) {
  const auto place = std::ranges::lower_bound(values, location, {}, &std::pair<PathId, PathId>::first);
  if (place != values.end() && place->first == location) {
    place->second = value;
  } else {
    values.insert(place, {location, value});
  }
}

void State::forget_value(PathId location) {
  std::erase_if(values, [&](const auto& each) { return each.first == location; });
}

void State::synchronise(PathId object) {
  if (object && std::ranges::find(awaited, object) == awaited.end()) awaited.push_back(object);
}

void State::add_fact(const Fact& fact) {
  const auto place = std::ranges::lower_bound(facts, fact);
  if (place == facts.end() || *place != fact) facts.insert(place, fact);
}

bool State::is_unsure(PathId lock) const {
  return std::ranges::find(unsure, lock, &std::pair<PathId, FunctionId>::first) != unsure.end();
}

void State::set_unsure(PathId lock, FunctionId by) {
  if (is_unsure(lock)) return;
  unsure.insert(std::ranges::lower_bound(unsure, std::pair(lock, by)), {lock, by});
}

FunctionId State::forget_unsure(PathId lock) {
  const auto place = std::ranges::find(unsure, lock, &std::pair<PathId, FunctionId>::first);
  if (place == unsure.end()) return {};
  const FunctionId by = place->second;
  unsure.erase(place);
  return by;
}

void State::let_go(PathId object) {
  if (std::ranges::find(escaped, object) == escaped.end()) escaped.push_back(object);
}

const char* guarded_element() {
  return "<guarded>";
}

Evaluator::Evaluator(Program& program, const Values& values)
    : program_(program),
      values_(values),
      guarded_{Element::Kind::kField, program.symbol(guarded_element())} {}

PathId Evaluator::lock_of_unknown_guard(PathId object) const {
  return program_.extended(object, {guarded_});
}

// What the first part of the path is known to be, the longest part first; nothing when it stands for itself.
std::optional<PathId> Evaluator::step(const State& state, const Path& path) const {
  if (path.elements.empty() && is_constant(path)) return std::nullopt;
  for (size_t length = path.elements.size() + 1; length-- > 0;) {
    Path prefix = path;
    prefix.elements.resize(length);
    const PathId part = program_.path(std::move(prefix));
    if (length < path.elements.size() && path.elements[length] == guarded_) {
      const Guard* guard = state.find_guard(part);
      if (guard != nullptr && !guard->locks.empty())
        return program_.extended(guard->locks.front(), path.elements, length + 1);
    }
    std::optional<PathId> value = state.value_at(part);
    if (!value && length == 0) {
      if (const PathId target = values_.only_target(part)) value = target;
    }
    if (!value || starts_with(*value, part)) continue;
    return *value ? program_.extended(*value, path.elements, length) : PathId{};
  }
  return std::nullopt;
}

PathId Evaluator::value_of(const State& state, const Path& path) const {
  PathId id = program_.path(path);
  for (int i = 0; i < kLongestChain; ++i) {
    const Path current = program_.path(id);
    const std::optional<PathId> next = step(state, current);
    if (!next) break;
    id = *next;
  }
  return id;
}

PathId Evaluator::location_of(const State& state, const Path& path) const {
  if (path.elements.empty()) return program_.path(path);
  Path holder = path;
  holder.elements.pop_back();
  return program_.extended(value_of(state, holder), path.elements, path.elements.size() - 1);
}

std::optional<bool> Evaluator::decide(const State& state, PathId left, Test::Kind kind, PathId right) const {
  const Path& left_path = program_.path(left);
  const Path& right_path = program_.path(right);
  if (!is_constant(right_path)) {
    for (const Fact& fact : state.facts) {
      if (fact.left != left || fact.right != right) continue;
      if (fact.kind == kind) return true;
      if (fact.kind == negated(kind)) return false;
    }
    return std::nullopt;
  }
  if (is_constant(left_path)) return holds_between(number_of(left_path), kind, number_of(right_path));
  const bool against_zero = number_of(right_path) == 0;
  // What is held is there.
  const bool is_held = std::ranges::any_of(
      state.holds, [&](const Hold& hold) { return !hold.stale && starts_with(hold.lock, left); });
  if (is_held && against_zero && kind == Test::Kind::kEqual) return false;
  if (is_held && against_zero && kind == Test::Kind::kNotEqual) return true;
  const bool is_address =
      left_path.root == Root::kFunction || left_path.root == Root::kLambda || program_.is_object(left_path);
  if (is_address && against_zero && kind == Test::Kind::kEqual) return false;
  if (is_address && against_zero && kind == Test::Kind::kNotEqual) return true;
  return decide_number(state, left, kind, number_of(right_path));
}

// From all that is known of the number: the least and the most that it can be, and what it is not.
std::optional<bool> Evaluator::decide_number(const State& state, PathId left, Test::Kind kind,
                                             int64_t right) const {
  int64_t least = INT64_MIN;
  int64_t most = INT64_MAX;
  bool is_other = false;
  for (const Fact& fact : state.facts) {
    if (fact.left != left || !is_constant(program_.path(fact.right))) continue;
    const int64_t known = number_of(program_.path(fact.right));
    switch (fact.kind) {
      case Test::Kind::kEqual:
        return holds_between(known, kind, right);
      case Test::Kind::kNotEqual:
        is_other |= known == right;
        break;
      case Test::Kind::kLess:
        most = std::min(most, known - 1);
        break;
      case Test::Kind::kLessOrEqual:
        most = std::min(most, known);
        break;
      case Test::Kind::kGreater:
        least = std::max(least, known + 1);
        break;
      case Test::Kind::kGreaterOrEqual:
        least = std::max(least, known);
        break;
      default:
        break;
    }
  }
  const bool is_equality = kind == Test::Kind::kEqual || kind == Test::Kind::kNotEqual;
  if (is_equality && (is_other || right < least || right > most)) return kind == Test::Kind::kNotEqual;
  if (is_equality) return least == most ? std::optional(kind == Test::Kind::kEqual) : std::nullopt;
  // Orders hold throughout an interval when they hold at both of its ends.
  const bool at_least = holds_between(least, kind, right);
  return at_least == holds_between(most, kind, right) ? std::optional(at_least) : std::nullopt;
}

bool Evaluator::may_hold(const State& state, const Test& test) const {
  if (test.kind == Test::Kind::kAlways || test.kind == Test::Kind::kOther) return true;
  const PathId right = value_of(state, test.right);
  // Of a variable it may be known what was tested of itself, or of what it has.
  if (const auto own = decide(state, program_.path(test.left), test.kind, right)) return *own;
  return decide(state, value_of(state, test.left), test.kind, right).value_or(true);
}

std::optional<bool> Evaluator::decided(const State& state, Test test) const {
  if (!may_hold(state, test)) return false;
  test.kind = negated(test.kind);
  return may_hold(state, test) ? std::nullopt : std::optional(true);
}

void Evaluator::learn(State& state, const Test& test) const {
  if (test.kind == Test::Kind::kAlways || test.kind == Test::Kind::kOther) return;
  const PathId left = value_of(state, test.left);
  const PathId right = value_of(state, test.right);
  if (!right) return;
  const auto add = [&](PathId subject) {
    if (subject && !is_constant(program_.path(subject))) state.add_fact({subject, test.kind, right});
  };
  add(left);
  if (is_variable(test.left)) add(program_.path(test.left));
}

void Evaluator::copy_facts(State& state, const Path& from, PathId to) const {
  if (!is_variable(from)) return;
  const PathId source = program_.path(from);
  const std::vector<Fact> facts = state.facts;
  for (const Fact& fact : facts) {
    if (fact.left == source && is_constant(program_.path(fact.right)))
      state.add_fact({to, fact.kind, fact.right});
  }
}

bool Evaluator::outlasts_loop(const Fact& fact) const {
  return is_variable(program_.path(fact.left)) && is_constant(program_.path(fact.right));
}

void Evaluator::keep_not_null(State& kept, const State& other) const {
  Path null;
  null.root = Root::kConstant;
  const PathId zero = program_.path(std::move(null));
  std::vector<Fact> learnt;
  const auto is_not_null = [&](const State& state, PathId location) {
    const PathId value = state.value_at(location).value_or(location);
    if (decide(state, location, Test::Kind::kNotEqual, zero) == true) return true;
    if (decide(state, value, Test::Kind::kNotEqual, zero) == true) return true;
    const Root root = program_.path(value).root;
    return root == Root::kFresh || (root == Root::kLocal && value != location);
  };
  for (const auto& [location, value] : kept.values) {
    if (other.value_at(location) == value) continue;
    if (is_not_null(kept, location) && is_not_null(other, location))
      learnt.push_back({location, Test::Kind::kNotEqual, zero});
  }
  // One may know the location's value, the other only that it is something.
  for (const auto& [location, value] : other.values) {
    if (kept.value_at(location)) continue;
    if (is_not_null(kept, location) && is_not_null(other, location))
      learnt.push_back({location, Test::Kind::kNotEqual, zero});
  }
  for (const Fact& fact : learnt) {
    kept.forget_value(fact.left);
    kept.add_fact(fact);
  }
}

bool Evaluator::starts_with(PathId whole, PathId part) const {
  if (whole == part) return true;
  const Path& longer = program_.path(whole);
  const Path& shorter = program_.path(part);
  return longer.root == shorter.root && longer.number == shorter.number && longer.name == shorter.name &&
         longer.elements.size() >= shorter.elements.size() &&
         std::equal(shorter.elements.begin(), shorter.elements.end(), longer.elements.begin());
}

void Evaluator::overwrite(State& state, PathId location, bool is_pointer) const {
  std::erase_if(state.values, [&](const auto& each) {
    return starts_with(each.first, location) || (is_pointer && starts_with(each.second, location));
  });
  std::erase_if(state.facts, [&](const Fact& fact) {
    return starts_with(fact.left, location) || starts_with(fact.right, location);
  });
  // A lock that is named through a pointer is another one once the pointer has changed.
  for (Hold& hold : state.holds) {
    if (starts_with(hold.lock, location)) hold.stale = true;
  }
  for (Hold& hold : state.released) {
    if (starts_with(hold.lock, location)) hold.stale = true;
  }
  const auto is_through = [&](const auto& each) { return starts_with(each.first, location); };
  std::erase_if(state.done, is_through);
  std::erase_if(state.failed, is_through);
}

}  // namespace gordian::check
