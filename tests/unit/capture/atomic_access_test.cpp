#include "analyzer/capture/atomic_access.h"

#include <gtest/gtest.h>

#include <map>

namespace gordian::capture {
namespace {

using finding::Frame;
using finding::Stack;
using record::Grade;

Frame frame(const std::string& function, const std::string& file, uint32_t line, bool inlined = false) {
  Frame result;
  result.function = function;
  result.file = file;
  result.line = line;
  result.inlined = inlined;
  return result;
}

// A file of which line 10 is given, with a finished statement before it.
LineReader lines(const std::string& text, const std::string& before = "  foo();") {
  return [=](const std::string& file, uint32_t line) {
    if (file.find("/usr/include") == 0) return std::string();
    return line == 10 ? text : line == 9 ? before : std::string();
  };
}

AtomicUse use_of_line(const std::string& text, const std::string& file = "a.cpp") {
  return atomic_use({frame("work", file, 10)}, lines(text));
}

record::RaceRecord caught(Grade grade, uint8_t bits) {
  record::RaceRecord race{};
  race.grade = static_cast<uint16_t>(grade);
  race.by = record::RaceBy::kCaught;
  race.bits = bits;
  return race;
}

TEST(AtomicAccess, an_inlined_function_of_the_standard_library_is_an_atomic_operation) {
  const Stack stack = {
      frame("std::__atomic_base<int>::load", "/usr/include/c++/12/bits/atomic_base.h", 488, true),
      frame("work", "a.cpp", 10)};
  EXPECT_EQ(atomic_use(stack, lines("  if (flag) return;")), AtomicUse::kAtomic);
}

TEST(AtomicAccess, a_function_that_is_called_like_one_and_not_inlined_says_nothing) {
  EXPECT_EQ(atomic_use({frame("test_atomic_counter", "a.cpp", 10)}, lines("  total += 1;")),
            AtomicUse::kNotAtomic);
}

TEST(AtomicAccess, a_builtin_stands_on_its_line) {
  EXPECT_EQ(use_of_line("  x = __atomic_load_n(&y, __ATOMIC_RELAXED);", "a.c"), AtomicUse::kAtomic);
  EXPECT_EQ(use_of_line("  flag.store(1, std::memory_order_release);"), AtomicUse::kAtomic);
}

TEST(AtomicAccess, a_statement_of_several_lines_is_read_from_its_beginning) {
  EXPECT_EQ(atomic_use({frame("work", "a.c", 10)},
                       lines("                  value);", "  atomic_store_explicit(&flag,")),
            AtomicUse::kAtomic);
}

TEST(AtomicAccess, what_a_macro_hides_is_suspect) {
  EXPECT_EQ(use_of_line("  x = READ_ONCE(y);", "a.c"), AtomicUse::kSuspect);
  EXPECT_EQ(use_of_line("  *(volatile int*)&y = 1;", "a.c"), AtomicUse::kSuspect);
}

TEST(AtomicAccess, a_plain_line_is_plain_and_a_comment_does_not_matter) {
  EXPECT_EQ(use_of_line("  total += 1;  // not atomic"), AtomicUse::kNotAtomic);
}

TEST(AtomicAccess, without_the_source_only_names_speak) {
  const LineReader none = [](const std::string&, uint32_t) { return std::string(); };
  EXPECT_EQ(atomic_use({frame("work", "a.cpp", 10)}, none), AtomicUse::kNotNamed);
  EXPECT_EQ(atomic_use({frame("work", "a.c", 10)}, none), AtomicUse::kSuspect);
  EXPECT_EQ(atomic_use({frame("work", "", 0)}, none), AtomicUse::kUnknown);
}

TEST(AtomicAccess, what_the_machine_proved_stays_proven_unless_both_sides_are_atomic_by_name) {
  const auto race = caught(Grade::kProven, 0);
  EXPECT_EQ(settled_grade(race, AtomicUse::kUnknown, AtomicUse::kUnknown), Grade::kProven);
  EXPECT_EQ(settled_grade(race, AtomicUse::kAtomic, AtomicUse::kNotAtomic), Grade::kProven);
  EXPECT_EQ(settled_grade(race, AtomicUse::kAtomic, AtomicUse::kAtomic), Grade::kUnlikely);
}

TEST(AtomicAccess, two_plain_moves_are_inferred_from_their_lines) {
  const auto race = caught(Grade::kUnlikely, record::kRaceMaybeAtomic);
  EXPECT_EQ(settled_grade(race, AtomicUse::kNotAtomic, AtomicUse::kNotAtomic), Grade::kInferred);
  EXPECT_EQ(settled_grade(race, AtomicUse::kNotAtomic, AtomicUse::kNotNamed), Grade::kInferred);
  EXPECT_EQ(settled_grade(race, AtomicUse::kNotAtomic, AtomicUse::kSuspect), Grade::kPossible);
  EXPECT_EQ(settled_grade(race, AtomicUse::kUnknown, AtomicUse::kUnknown), Grade::kUnlikely);
  EXPECT_EQ(settled_grade(race, AtomicUse::kSuspect, AtomicUse::kSuspect), Grade::kUnlikely);
}

TEST(AtomicAccess, beside_an_atomic_operation_a_plain_move_may_be_one_on_the_same_variable) {
  auto race = caught(Grade::kUnlikely, record::kRaceMaybeAtomic);
  EXPECT_EQ(settled_grade(race, AtomicUse::kAtomic, AtomicUse::kNotAtomic), Grade::kUnlikely);
  race.sides[0].is_atomic = 1;
  EXPECT_EQ(settled_grade(race, AtomicUse::kNotAtomic, AtomicUse::kNotAtomic), Grade::kUnlikely);
}

TEST(AtomicAccess, a_race_by_order_only_falls) {
  auto race = caught(Grade::kPossible, 0);
  race.by = record::RaceBy::kOrder;
  EXPECT_EQ(settled_grade(race, AtomicUse::kNotAtomic, AtomicUse::kNotAtomic), Grade::kPossible);
  EXPECT_EQ(settled_grade(race, AtomicUse::kAtomic, AtomicUse::kSuspect), Grade::kUnlikely);
}

TEST(AtomicAccess, a_race_by_locksets_is_possible_at_most) {
  auto race = caught(Grade::kPossible, 0);
  race.by = record::RaceBy::kLockset;
  EXPECT_EQ(settled_grade(race, AtomicUse::kUnknown, AtomicUse::kUnknown), Grade::kPossible);
  EXPECT_EQ(settled_grade(race, AtomicUse::kAtomic, AtomicUse::kAtomic), Grade::kUnlikely);
  race = caught(Grade::kUnlikely, record::kRaceMaybeAtomic);
  race.by = record::RaceBy::kLockset;
  EXPECT_EQ(settled_grade(race, AtomicUse::kNotAtomic, AtomicUse::kNotAtomic), Grade::kPossible);
  EXPECT_EQ(settled_grade(race, AtomicUse::kNotAtomic, AtomicUse::kUnknown), Grade::kUnlikely);
}

TEST(AtomicAccess,
     a_race_by_locksets_that_may_be_ordered_past_the_hooks_is_unlikely_whatever_the_source_says) {
  auto race = caught(Grade::kUnlikely, record::kRaceMaybeAtomic | record::kRaceMaybeOrdered);
  race.by = record::RaceBy::kLockset;
  EXPECT_EQ(settled_grade(race, AtomicUse::kNotAtomic, AtomicUse::kNotAtomic), Grade::kUnlikely);
}

}  // namespace
}  // namespace gordian::capture
