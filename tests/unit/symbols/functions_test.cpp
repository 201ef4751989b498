// Code addresses of this very program: functions, lines, inlined frames.
#include <gnu/libc-version.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <string>

#include "tests/unit/symbols/own_process.h"

namespace bank {

struct Account {
  int balance = 0;
};

// One line: optimised code may begin with the line of a statement.
// clang-format off
constexpr uint32_t kTransferLine = __LINE__ + 1;
[[gnu::noinline]] void transfer(Account& from, Account& to) { from.balance -= 1, to.balance += 1; }
// clang-format on

[[gnu::noinline]] uint64_t return_address() {
  asm volatile("" ::: "memory");
  return reinterpret_cast<uint64_t>(__builtin_return_address(0));
}

uint64_t inner_address;
uint32_t inner_line;
uint32_t middle_line;
uint32_t outer_line;

[[gnu::always_inline]] inline void inner() {
  inner_line = __LINE__, inner_address = return_address();
}

[[gnu::always_inline]] inline void middle(int times) {
  for (int i = 0; i < times; ++i) {
    middle_line = __LINE__, inner();
  }
}

[[gnu::noinline]] void outer(int times) {
  outer_line = __LINE__, middle(times);
  asm volatile("" ::: "memory");
}

template <typename... Types>
[[gnu::noinline]] uint64_t wide(Types... values) {
  const uint64_t address = return_address();
  asm volatile("" ::"r"(&address), "r"(sizeof...(values)) : "memory");
  return address;
}

namespace {

class Ledger {
 public:
  [[gnu::noinline]] uint64_t book(std::string text) const {
    const uint64_t address = return_address();
    asm volatile("" ::"r"(&text) : "memory");
    return address;
  }
};

[[gnu::always_inline]] inline uint64_t hidden_inner(int) {
  const uint64_t address = return_address();
  asm volatile("" ::"r"(&address) : "memory");
  return address;
}

[[gnu::noinline]] uint64_t hidden_outer(const Account&) {
  const auto call = [](int value) __attribute__((always_inline)) {
    return hidden_inner(value);
  };
  return call(1);
}

}  // namespace
}  // namespace bank

namespace gordian::symbols::test {
namespace {

bool ends_with(const std::string& text, std::string_view end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

TEST(Functions, AFunctionPointerHasItsNameItsFileAndItsLine) {
  Symbolizer symbolizer(own_mappings());
  const auto address = reinterpret_cast<uint64_t>(&bank::transfer);
  const finding::Stack frames = symbolizer.resolve(address, false);
  ASSERT_EQ(frames.size(), 1u);
  EXPECT_EQ(frames[0].function, "bank::transfer(bank::Account&, bank::Account&)");
  EXPECT_TRUE(ends_with(frames[0].file, "tests/unit/symbols/functions_test.cpp")) << frames[0].file;
  EXPECT_EQ(frames[0].file.front(), '/');
  EXPECT_EQ(frames[0].line, bank::kTransferLine);
  EXPECT_EQ(frames[0].address, address);
  EXPECT_EQ(frames[0].module, own_program());
  EXPECT_FALSE(frames[0].inlined);
  EXPECT_EQ(symbolizer.function_at(address), "bank::transfer");
}

TEST(Functions, AReturnAddressHasTheLineOfItsCall) {
  Symbolizer symbolizer(own_mappings());
  const uint32_t line = __LINE__ + 1;
  const uint64_t address = bank::return_address();
  const finding::Stack frames = symbolizer.resolve(address, true);
  ASSERT_FALSE(frames.empty());
  EXPECT_EQ(frames.front().line, line);
  EXPECT_GT(frames.front().column, 0u);
  EXPECT_EQ(frames.front().address, address);
  EXPECT_TRUE(symbolizer.is_after_call(address));
  EXPECT_FALSE(symbolizer.is_after_call(address - 1));
}

TEST(Functions, InlinedCallsAreFramesOfTheirOwnInnermostFirst) {
  Symbolizer symbolizer(own_mappings());
  bank::outer(1);
  const finding::Stack frames = symbolizer.resolve(bank::inner_address, true);
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_EQ(frames[0].function, "bank::inner()");
  EXPECT_EQ(frames[0].line, bank::inner_line);
  EXPECT_TRUE(frames[0].inlined);
  EXPECT_EQ(frames[1].function, "bank::middle(int)");
  EXPECT_EQ(frames[1].line, bank::middle_line);
  EXPECT_TRUE(frames[1].inlined);
  EXPECT_EQ(frames[2].function, "bank::outer(int)");
  EXPECT_EQ(frames[2].line, bank::outer_line);
  EXPECT_FALSE(frames[2].inlined);
  for (const finding::Frame& frame : frames) {
    EXPECT_TRUE(ends_with(frame.file, "functions_test.cpp")) << frame.file;
    EXPECT_EQ(frame.address, bank::inner_address);
  }
}

TEST(Functions, AnInlinedFunctionIsNotTheFunctionAtTheAddress) {
  Symbolizer symbolizer(own_mappings());
  bank::outer(1);
  EXPECT_EQ(symbolizer.function_at(bank::inner_address - 1), "bank::outer");
}

TEST(Functions, AnonymousNamespacesAndAbiTagsAreLeftOut) {
  Symbolizer symbolizer(own_mappings());
  const uint64_t address = bank::Ledger().book("rent");
  const finding::Stack frames = symbolizer.resolve(address, true);
  EXPECT_EQ(frames.back().function, "bank::Ledger::book(std::string)");
  EXPECT_EQ(symbolizer.function_at(address - 1), "bank::Ledger::book");
}

TEST(Functions, InlinedFunctionsThatTheLinkerNeverSawAreNamedByTheirScopes) {
  Symbolizer symbolizer(own_mappings());
  const uint64_t address = bank::hidden_outer({});
  const finding::Stack frames = symbolizer.resolve(address, true);
  ASSERT_EQ(frames.size(), 3u);
  EXPECT_TRUE(frames[0].function.starts_with("bank::hidden_inner(")) << frames[0].function;
  EXPECT_TRUE(frames[1].function.starts_with("bank::hidden_outer::")) << frames[1].function;
  EXPECT_NE(frames[1].function.find("::operator()("), std::string::npos) << frames[1].function;
  EXPECT_EQ(frames[2].function, "bank::hidden_outer(bank::Account const&)");
}

TEST(Functions, LongParameterListsAreCut) {
  Symbolizer symbolizer(own_mappings());
  const uint64_t address = bank::wide(std::string(), std::string(), 1L, 2L, 3U, 4U, 5LL, 6LL, 'a', true, 1.5);
  const finding::Stack frames = symbolizer.resolve(address, true);
  EXPECT_TRUE(frames.back().function.starts_with("bank::wide<")) << frames.back().function;
  EXPECT_TRUE(ends_with(frames.back().function, "(...)")) << frames.back().function;
  EXPECT_EQ(symbolizer.function_at(address - 1), "bank::wide");
}

TEST(Functions, TheModuleOffsetIsWhatAddr2lineTakes) {
  Symbolizer symbolizer(own_mappings());
  const finding::Frame frame = symbolizer.resolve(bank::return_address(), true).front();
  char offset[32];
  std::snprintf(offset, sizeof offset, "0x%lx", static_cast<unsigned long>(frame.module_offset));
  std::string output;
  if (!run({"addr2line", "-e", frame.module, offset}, &output)) GTEST_SKIP() << "addr2line does not run";
  output = std::filesystem::path(output).lexically_normal().string();
  EXPECT_TRUE(output.starts_with(frame.file + ":" + std::to_string(frame.line))) << output;
}

TEST(Functions, AFunctionOfTheCLibraryIsNamed) {
  Symbolizer symbolizer(own_mappings());
  const auto address = reinterpret_cast<uint64_t>(&gnu_get_libc_version);
  const finding::Stack frames = symbolizer.resolve(address, false);
  EXPECT_TRUE(frames.back().function.ends_with("gnu_get_libc_version")) << frames.back().function;
  EXPECT_NE(frames.back().module.find("libc"), std::string::npos);
}

TEST(Functions, NothingIsNamedInMemoryThatIsOfNoFile) {
  Symbolizer symbolizer({{0x1000, 0x2000, 0, "", {}}});
  EXPECT_EQ(symbolizer.function_at(0x1800), "");
}

TEST(Functions, TheSameQuestionHasTheSameAnswer) {
  Symbolizer symbolizer(own_mappings());
  bank::outer(1);
  const finding::Stack first = symbolizer.resolve(bank::inner_address, true);
  const finding::Stack second = symbolizer.resolve(bank::inner_address, true);
  ASSERT_EQ(first.size(), second.size());
  EXPECT_EQ(first[0].function, second[0].function);
  EXPECT_EQ(first[0].line, second[0].line);
}

}  // namespace
}  // namespace gordian::symbols::test
