#include "analyzer/capture/atomic_access.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

namespace gordian::capture {

using record::Grade;

namespace {

constexpr uint32_t kLinesOfStatement = 4;  // how far a statement is followed

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

bool contains_any(std::string_view text, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(
      parts, [&](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

std::string_view base_of(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// The headers in which atomic operations are functions.
bool is_atomic_header(std::string_view file) {
  const std::string base = lower(base_of(file));
  const bool is_header = base.find('.') == std::string::npos || base.ends_with(".h") ||
                         base.ends_with(".hpp") || base.ends_with(".rs");
  return is_header && base.find("atomic") != std::string::npos;
}

bool is_atomic_function(const finding::Frame& frame) {
  const std::string name = lower(frame.function);
  if (contains_any(name, {"std::atomic", "std::__atomic", "__atomic_", "__sync_", "sync::atomic"}))
    return true;
  return frame.inlined && name.find("atomic") != std::string::npos;
}

bool is_identifier(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::string without_comment(const std::string& line) {
  return line.substr(0, line.find("//"));
}

// A name in capitals before a parenthesis: what it stands for is not on the line.
bool calls_macro(std::string_view text) {
  for (size_t at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
    size_t begin = at;
    while (begin > 0 && is_identifier(text[begin - 1])) --begin;
    const std::string_view name = text.substr(begin, at - begin);
    const bool has_letter = std::ranges::any_of(name, [](unsigned char c) { return std::isalpha(c) != 0; });
    const bool has_small = std::ranges::any_of(name, [](unsigned char c) { return std::islower(c) != 0; });
    if (has_letter && !has_small) return true;
  }
  return false;
}

AtomicUse use_in(const std::string& statement) {
  const std::string text = lower(statement);
  if (contains_any(text, {"atomic", "__sync_", "memory_order", ".load(", "->load(", ".store(", "->store("}))
    return AtomicUse::kAtomic;
  if (contains_any(text, {"volatile", "asm", "acquire", "relaxed", "release", "load_", "store_", "_load",
                          "_store", "_once", "exchange"}) ||
      calls_macro(statement))
    return AtomicUse::kSuspect;
  return AtomicUse::kNotAtomic;
}

// The line, and those before it that belong to the same statement.
std::string statement_at(const finding::Frame& frame, const LineReader& lines) {
  std::string statement = without_comment(lines(frame.file, frame.line));
  if (statement.empty()) return statement;
  for (uint32_t back = 1; back <= kLinesOfStatement && back < frame.line; ++back) {
    const std::string before = without_comment(lines(frame.file, frame.line - back));
    const size_t last = before.find_last_not_of(" \t\r");
    if (last == std::string::npos || contains_any(";{}:#", {std::string_view(before).substr(last, 1)})) break;
    statement.insert(0, before + ' ');
  }
  return statement;
}

bool is_cpp(const finding::Frame& frame) {
  const std::string base = lower(base_of(frame.file));
  return !base.ends_with(".c") && !base.ends_with(".h");
}

}  // namespace

LineReader lines_of_files() {
  auto files = std::make_shared<std::map<std::string, std::vector<std::string>>>();
  return [files](const std::string& file, uint32_t line) {
    auto [found, is_new] = files->try_emplace(file);
    if (is_new) {
      std::ifstream stream(file);
      for (std::string text; std::getline(stream, text);) found->second.push_back(text);
    }
    return line == 0 || line > found->second.size() ? std::string() : found->second[line - 1];
  };
}

AtomicUse atomic_use(const finding::Stack& frames, const LineReader& lines) {
  if (frames.empty() || frames.front().line == 0) return AtomicUse::kUnknown;
  AtomicUse result = AtomicUse::kNotAtomic;
  for (const finding::Frame& frame : frames) {
    if (is_atomic_function(frame) || is_atomic_header(frame.file)) return AtomicUse::kAtomic;
    const std::string statement = statement_at(frame, lines);
    const AtomicUse use = statement.empty() ? AtomicUse::kNotNamed : use_in(statement);
    if (use == AtomicUse::kAtomic) return use;
    // In C an atomic operation is a builtin or a macro, which has no frame of its own.
    if (use == AtomicUse::kNotNamed && !is_cpp(frame)) result = AtomicUse::kSuspect;
    if (use == AtomicUse::kSuspect) result = use;
    if (use == AtomicUse::kNotNamed && result == AtomicUse::kNotAtomic) result = use;
    if (!frame.inlined) break;
  }
  return result;
}

bool both_may_be_atomic(AtomicUse first, AtomicUse second) {
  const auto may_be = [](AtomicUse use) {
    return use != AtomicUse::kNotAtomic && use != AtomicUse::kNotNamed;
  };
  return may_be(first) && may_be(second);
}

namespace {

bool is_named_plain(AtomicUse use) {
  return use == AtomicUse::kNotAtomic || use == AtomicUse::kNotNamed;
}

// Possible where nothing speaks against it any more, and never more than that.
Grade settled_suspicion(const record::RaceRecord& race, AtomicUse first, AtomicUse second) {
  if ((race.bits & record::kRaceMaybeOrdered) != 0) return Grade::kUnlikely;
  if ((race.bits & record::kRaceMaybeAtomic) == 0) return static_cast<Grade>(race.grade);
  return is_named_plain(first) && is_named_plain(second) ? Grade::kPossible : Grade::kUnlikely;
}

}  // namespace

Grade settled_grade(const record::RaceRecord& race, AtomicUse first, AtomicUse second) {
  const auto told = static_cast<Grade>(race.grade);
  if (first == AtomicUse::kAtomic && second == AtomicUse::kAtomic) return std::min(told, Grade::kUnlikely);
  if (race.by == record::RaceBy::kLockset) return settled_suspicion(race, first, second);
  if (race.by != record::RaceBy::kCaught)
    return both_may_be_atomic(first, second) ? std::min(told, Grade::kUnlikely) : told;
  if ((race.bits & record::kRaceMaybeAtomic) == 0) return told;
  // An atomic operation beside a plain one is a race, but in C a plain line may be an operation on an
  // _Atomic.
  const bool has_atomic = first == AtomicUse::kAtomic || second == AtomicUse::kAtomic ||
                          race.sides[0].is_atomic != 0 || race.sides[1].is_atomic != 0;
  if (has_atomic) return std::min(told, Grade::kUnlikely);
  // What a line says is a witness, not a proof.
  if (is_named_plain(first) && is_named_plain(second)) return Grade::kInferred;
  return is_named_plain(first) || is_named_plain(second) ? std::max(told, Grade::kPossible) : told;
}

}  // namespace gordian::capture
