#include "analyzer/static-pass/summary/archive.h"

#include <gtest/gtest.h>

#include "analyzer/static-pass/summary/dump.h"
#include "analyzer/static-pass/summary/hash.h"

namespace gordian::check {
namespace {

// Something of everything.
Unit full_unit() {
  Unit unit;
  const auto symbol = [&](const std::string& text) {
    unit.strings.push_back(text);
    return Symbol{static_cast<uint32_t>(unit.strings.size() - 1)};
  };
  const Symbol file = symbol("/a.cpp");
  const Symbol lock = symbol("S::lock");
  const Path member{
      Root::kThis, 0, {}, {{Element::Kind::kField, lock}, {Element::Kind::kIndex, symbol("3")}}};
  unit.file = file;
  unit.includes = {"/a.cpp", "/b.h"};
  unit.globals.push_back({.key = symbol("key"),
                          .name = symbol("name"),
                          .place = {file, 3, 4},
                          .is_pointer = true,
                          .is_atomic = true,
                          .mutex_kind = 2,
                          .guarded_by = member,
                          .acquired_after = {member}});
  unit.fields.push_back({.key = lock, .owner = symbol("S"), .type = symbol("std::mutex"), .is_const = true});
  unit.classes.push_back({symbol("D"), {symbol("B")}, true, true});
  unit.overrides.push_back({symbol("m"), symbol("o")});
  unit.declarations.push_back(
      {symbol("d"), symbol("plain"), {{Contract::Kind::kTryAcquire, true, false, member}}});
  Function function;
  function.key = function.name = symbol("f()");
  function.flags = function_flags::kMain | function_flags::kReturnsReference;
  function.parameters.push_back({.name = symbol("p"), .is_by_value = true});
  function.lambdas.push_back({symbol("lambda"), {{member, true}}});
  function.blocks.resize(3);
  Op call{
      .kind = OpKind::kCall, .flags = op_flags::kConstructsField, .place = {file, 70'000, 5}, .result = 1};
  call.callee = symbol("callee");
  call.object = {member, symbol("std::mutex")};
  call.arguments.push_back({{Root::kConstant, 0xffffffff, {}, {}}, symbol("int")});
  function.blocks[0].ops = {call};
  function.blocks[0].edges = {
      {1, {Test::Kind::kEqual, {Root::kResult, 1, {}, {}}, {Root::kConstant, 0, {}, {}}}},
      {2, {Test::Kind::kOther, {}, {}}}};
  function.blocks[1].ends_program = true;
  unit.functions = {function, function};
  return unit;
}

std::string without_header(const std::string& bytes) {
  return bytes.substr(20);
}

TEST(Archive, GivesBackWhatItWasGiven) {
  const Unit unit = full_unit();
  const std::string bytes = write_unit(unit);
  const std::optional<Unit> read = read_unit(bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(dump(*read), dump(unit));
  EXPECT_EQ(read->includes, unit.includes);
  EXPECT_EQ(read->functions[0].blocks[0].ops[0].place.line, 70'000u);
  EXPECT_EQ(write_unit(*read), bytes);
}

TEST(Archive, KeepsAnEmptyUnitAndAnError) {
  Unit unit;
  unit.error = "1:2: expected ';'";
  const std::optional<Unit> read = read_unit(write_unit(unit));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->error, unit.error);
  EXPECT_EQ(read->strings.size(), 1u);
}

TEST(Archive, CutShortItIsNothing) {
  const std::string bytes = write_unit(full_unit());
  for (size_t size = 0; size < bytes.size(); ++size) EXPECT_FALSE(read_unit(bytes.substr(0, size))) << size;
  EXPECT_FALSE(read_unit(bytes + 'x'));
}

TEST(Archive, WithAnyBitFlippedItIsNothing) {
  const std::string bytes = write_unit(full_unit());
  for (size_t bit = 0; bit < 8 * bytes.size(); ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(read_unit(damaged)) << bit;
  }
}

// The checksum as it should be over contents that make no sense: nothing, or a unit whose numbers are all in
// range.
TEST(Archive, DamageUnderAGoodChecksumIsHarmless) {
  const std::string bytes = write_unit(full_unit());
  for (size_t at = 20; at < bytes.size(); ++at) {
    for (const int value : {0x00, 0x01, 0x7f, 0x80, 0xff}) {
      std::string damaged = bytes;
      damaged[at] = static_cast<char>(value);
      const uint64_t checksum = hash_of(without_header(damaged));
      for (size_t i = 0; i < 8; ++i) damaged[12 + i] = static_cast<char>(checksum >> (8 * i));
      const std::optional<Unit> read = read_unit(damaged);
      if (!read) continue;
      EXPECT_FALSE(dump(*read).empty());
      for (const Function& function : read->functions)
        for (const Block& block : function.blocks)
          for (const Edge& edge : block.edges) EXPECT_LT(edge.to, function.blocks.size());
    }
  }
}

TEST(Archive, OfAnotherVersionItIsNothing) {
  std::string bytes = write_unit(full_unit());
  bytes[8] = static_cast<char>(bytes[8] + 1);
  EXPECT_FALSE(read_unit(bytes));
  EXPECT_FALSE(read_unit("something else altogether, and long enough"));
}

TEST(Hash, NoticesOrderAndLength) {
  EXPECT_NE(hash_of("ab"), hash_of("ba"));
  EXPECT_NE(hash_of(""), hash_of(std::string_view("\0", 1)));
  EXPECT_NE(hash_of("12345678"), hash_of("123456780"));
  EXPECT_NE(hash_of("x"), hash_of("x", 1));
}

}  // namespace
}  // namespace gordian::check
