// The instructions and operations that today's compilers do not write for every program, on tables made by
// hand.
#include "runtime-hooks/cfi.h"

#include <gtest/gtest.h>
#include <link.h>

#include <cstring>
#include <initializer_list>
#include <vector>

namespace {

using namespace gordian::hooks;
using namespace gordian::hooks::cfi;

bool read_nothing(void*, uint64_t, void*, size_t) {
  return false;
}

bool read_directly(void*, uint64_t address, void* out, size_t size) {
  memcpy(out, reinterpret_cast<const void*>(address), size);
  return true;
}

constexpr uint64_t kBegin = 0x1000;
constexpr uint32_t kSaved = 3;  // a register with rules
constexpr uint32_t kStackPointer = Registers::kStackPointer;

// An entry over bytes that the test writes; the row is asked for by its offset in the code.
struct Table {
  std::vector<unsigned char> bytes;
  size_t common_size;
  Entry entry{};

  Table(std::initializer_list<int> common, std::initializer_list<int> instructions)
      : common_size(common.size()) {
    for (int byte : common) bytes.push_back(static_cast<unsigned char>(byte));
    for (int byte : instructions) bytes.push_back(static_cast<unsigned char>(byte));
    const unsigned char* data = bytes.data();
    entry.module = {data, data + bytes.size(), data};
    entry.begin = kBegin;
    entry.end = kBegin + 0x1000;
    entry.common_instructions = {data, data + common_size};
    entry.instructions = {data + common_size, data + bytes.size()};
    entry.code_alignment = 1;
    entry.data_alignment = -8;
    entry.return_address = Registers::kProgramCounter;
  }
  bool at(uint64_t offset, Row& row) const { return find_row(entry, kBegin + offset, row); }
};

const std::initializer_list<int> kCommon = {0x0c, kStackPointer, 8, 0x80 | kSaved,
                                            1};  // CFA = sp + 8; r3 at CFA - 8

TEST(Instructions, RowHoldsFromItsLocationToTheNext) {
  Table table(kCommon, {0x41, 0x0e, 16, 0x02, 9, 0x0e, 24, 0x03, 0x00, 0x01, 0x0e, 32, 0x04, 0x00, 0x01, 0, 0,
                        0x0e, 40});
  const struct {
    uint64_t offset;
    int32_t cfa;
  } expected[] = {{0, 8}, {1, 16}, {9, 16}, {10, 24}, {265, 24}, {266, 32}, {521, 32}, {522, 40}, {4000, 40}};
  for (const auto& one : expected) {
    Row row;
    ASSERT_TRUE(table.at(one.offset, row));
    EXPECT_EQ(row.cfa_operand, one.cfa) << one.offset;
  }
}

TEST(Instructions, CodeAlignmentScalesAdvances) {
  Table table(kCommon, {0x42, 0x0e, 16});
  table.entry.code_alignment = 4;
  Row row;
  ASSERT_TRUE(table.at(7, row));
  EXPECT_EQ(row.cfa_operand, 8);
  ASSERT_TRUE(table.at(8, row));
  EXPECT_EQ(row.cfa_operand, 16);
}

TEST(Instructions, RememberedStatesNestAndBringTheCfaBack) {
  Table table(kCommon, {0x0a, 0x0e, 16, 0x41, 0x0a, 0x0e, 24, 0x07, kSaved, 0x41, 0x0b, 0x41, 0x0b});
  Row row;
  ASSERT_TRUE(table.at(1, row));
  EXPECT_EQ(row.cfa_operand, 24);
  EXPECT_EQ(row.rule[kSaved], Rule::kUndefined);
  ASSERT_TRUE(table.at(2, row));
  EXPECT_EQ(row.cfa_operand, 16);
  EXPECT_EQ(row.rule[kSaved], Rule::kOffset);
  ASSERT_TRUE(table.at(3, row));
  EXPECT_EQ(row.cfa_operand, 8);
}

TEST(Instructions, StatesBeyondTheLimitAreRefused) {
  Row row;
  EXPECT_TRUE(Table(kCommon, {0x0a, 0x0a, 0x0a, 0x0a, 0x0b, 0x0b, 0x0b, 0x0b}).at(0, row));
  EXPECT_FALSE(Table(kCommon, {0x0a, 0x0a, 0x0a, 0x0a, 0x0a}).at(0, row));
  EXPECT_FALSE(Table(kCommon, {0x0b}).at(0, row)) << "nothing was remembered";
}

TEST(Instructions, EachRegisterRuleIsTold) {
  const struct {
    std::vector<int> instruction;
    Rule rule;
    int32_t operand;
  } expected[] = {
      {{0x80 | kSaved, 2}, Rule::kOffset, -16},
      {{0x05, kSaved, 3}, Rule::kOffset, -24},
      {{0x11, kSaved, 0x7f}, Rule::kOffset, 8},
      {{0x2f, kSaved, 2}, Rule::kOffset, 16},
      {{0x14, kSaved, 1}, Rule::kValueOffset, -8},
      {{0x15, kSaved, 0x7e}, Rule::kValueOffset, 16},
      {{0x07, kSaved}, Rule::kUndefined, 0},
      {{0x08, kSaved}, Rule::kSameValue, 0},
      {{0x09, kSaved, 12}, Rule::kRegister, 12},
      {{0x08, kSaved, 0xc0 | kSaved}, Rule::kOffset, -8},
      {{0x08, kSaved, 0x06, kSaved}, Rule::kOffset, -8},
  };
  for (const auto& one : expected) {
    Table table(kCommon, {});
    table.bytes.insert(table.bytes.end(), one.instruction.begin(), one.instruction.end());
    const unsigned char* data = table.bytes.data();
    table.entry.module = {data, data + table.bytes.size(), data};
    table.entry.common_instructions = {data, data + table.common_size};
    table.entry.instructions = {data + table.common_size, data + table.bytes.size()};
    Row row;
    ASSERT_TRUE(table.at(0, row)) << "opcode " << one.instruction[0];
    EXPECT_EQ(row.rule[kSaved], one.rule) << "opcode " << one.instruction[0];
    EXPECT_EQ(row.operand[kSaved], one.operand) << "opcode " << one.instruction[0];
  }
}

TEST(Instructions, EachCfaRuleIsTold) {
  Row row;
  ASSERT_TRUE(Table(kCommon, {0x0d, 6}).at(0, row));
  EXPECT_EQ(row.cfa_register, 6u);
  EXPECT_EQ(row.cfa_operand, 8);
  ASSERT_TRUE(Table(kCommon, {0x12, 6, 0x7e}).at(0, row));
  EXPECT_EQ(row.cfa_register, 6u);
  EXPECT_EQ(row.cfa_operand, 16);
  ASSERT_TRUE(Table(kCommon, {0x13, 0x7d}).at(0, row));
  EXPECT_EQ(row.cfa_operand, 24);
}

TEST(Instructions, ThoseThatDoNotConcernTheWalkArePassedOver) {
  Row row;
  ASSERT_TRUE(Table(kCommon, {0x2e, 32, 0x05, 70, 1, 0x00, 0x0e, 16})
                  .at(0, row));  // arguments size, a vector register
  EXPECT_EQ(row.cfa_operand, 16);
  ASSERT_TRUE(Table(kCommon, {0x2d}).at(0, row));
  EXPECT_TRUE(row.return_address_signed);
  ASSERT_TRUE(Table(kCommon, {0x2d, 0x2d}).at(0, row));
  EXPECT_FALSE(row.return_address_signed);
}

TEST(Instructions, DamagedOnesAreRefused) {
  Row row;
  EXPECT_FALSE(Table({}, {0x80 | kSaved, 1}).at(0, row)) << "no CFA";
  EXPECT_FALSE(Table(kCommon, {0x0e}).at(0, row)) << "operand missing";
  EXPECT_FALSE(Table(kCommon, {0x0e, 0x80, 0x80}).at(0, row)) << "number that does not end";
  EXPECT_FALSE(Table(kCommon, {0x0f, 9, 0x30}).at(0, row)) << "expression longer than the table";
  EXPECT_FALSE(Table(kCommon, {0x3f}).at(0, row)) << "unknown opcode";
  EXPECT_FALSE(Table(kCommon, {0x0d, 99}).at(0, row)) << "unknown register as CFA";
  EXPECT_FALSE(Table(kCommon, {0x0e, 0xff, 0xff, 0xff, 0xff, 0xff, 0x1f}).at(0, row)) << "frame beyond 2 GiB";
}

bool run(std::initializer_list<int> operations, uint64_t& result, const uint64_t* initial = nullptr,
         StackReader reader = read_nothing) {
  std::vector<unsigned char> bytes;
  for (int byte : operations) bytes.push_back(static_cast<unsigned char>(byte));
  FrameRegisters frame{};
  frame.set(kStackPointer, 0x7000);
  return evaluate({bytes.data(), bytes.data() + bytes.size()}, initial, frame, {reader, nullptr}, result);
}

TEST(Expressions, OperationsGiveTheirResults) {
  const struct {
    std::initializer_list<int> operations;
    uint64_t result;
  } expected[] = {
      {{0x30}, 0},
      {{0x4f}, 31},
      {{0x08, 0xff}, 255},
      {{0x09, 0xff}, ~uint64_t{0}},
      {{0x0a, 1, 2}, 0x201},
      {{0x0b, 0, 0x80}, uint64_t{0} - 32768},
      {{0x0c, 1, 0, 0, 0x80}, 0x80000001},
      {{0x0d, 1, 0, 0, 0x80}, 0xffffffff80000001},
      {{0x0e, 1, 2, 3, 4, 5, 6, 7, 8}, 0x0807060504030201},
      {{0x10, 0xe5, 0x8e, 0x26}, 624485},
      {{0x11, 0x9b, 0xf1, 0x59}, uint64_t{0} - 624485},
      {{0x70 + kStackPointer % 32, 0x78}, 0x6ff8},
      {{0x92, kStackPointer, 8}, 0x7008},
      {{0x33, 0x12, 0x22}, 6},                      // dup plus
      {{0x33, 0x34, 0x13}, 3},                      // drop
      {{0x33, 0x34, 0x14, 0x1c}, 1},                // over minus: 4 - 3
      {{0x33, 0x34, 0x35, 0x15, 2}, 3},             // pick
      {{0x33, 0x34, 0x16}, 3},                      // swap
      {{0x31, 0x32, 0x33, 0x17}, 2},                // rot: the third becomes the first but one
      {{0x09, 0xfb, 0x19}, 5},                      // abs
      {{0x3c, 0x3a, 0x1a}, 8},                      // and
      {{0x09, 0xf7, 0x32, 0x1b}, uint64_t{0} - 4},  // -9 / 2
      {{0x3c, 0x35, 0x1d}, 2},                      // 12 mod 5
      {{0x3c, 0x35, 0x1e}, 60},
      {{0x31, 0x1f}, ~uint64_t{0}},
      {{0x30, 0x20}, ~uint64_t{0}},
      {{0x3c, 0x33, 0x21}, 15},
      {{0x3c, 0x23, 0x90, 0x01}, 156},  // plus_uconst 144
      {{0x31, 0x34, 0x24}, 16},
      {{0x31, 0x08, 64, 0x24}, 0},
      {{0x09, 0xf0, 0x3c, 0x25}, 0x000fffffffffffff},
      {{0x09, 0xf0, 0x32, 0x26}, uint64_t{0} - 4},
      {{0x3c, 0x3a, 0x27}, 6},
      {{0x3b, 0x3b, 0x2a, 0x33, 0x24}, 8},  // (11 >= 11) << 3, as the linkage table has it
      {{0x09, 0xff, 0x31, 0x2d}, 1},        // comparisons are signed
      {{0x31, 0x31, 0x29}, 1},
      {{0x31, 0x31, 0x2e}, 0},
      {{0x32, 0x31, 0x2b}, 1},
      {{0x32, 0x31, 0x2c}, 0},
      {{0x2f, 1, 0, 0x31, 0x35}, 5},  // skip over one
      {{0x35, 0x31, 0x28, 2, 0, 0x23, 1, 0x96}, 5},
      {{0x35, 0x30, 0x28, 2, 0, 0x23, 1, 0x96}, 6},
  };
  int index = 0;
  for (const auto& one : expected) {
    uint64_t result = 0;
    EXPECT_TRUE(run(one.operations, result)) << "case " << index;
    EXPECT_EQ(result, one.result) << "case " << index;
    ++index;
  }
}

TEST(Expressions, MemoryIsReadThroughTheReader) {
  const uint64_t word = 0x1122334455667788;
  const uint64_t address = reinterpret_cast<uint64_t>(&word);
  uint64_t result = 0;
  EXPECT_TRUE(run({0x06}, result, &address, read_directly));
  EXPECT_EQ(result, word);
  EXPECT_TRUE(run({0x94, 2}, result, &address, read_directly));
  EXPECT_EQ(result, 0x7788u);
  EXPECT_FALSE(run({0x06}, result, &address, read_nothing));
  EXPECT_FALSE(run({0x94, 9}, result, &address, read_directly));
}

TEST(Expressions, ThoseThatMakeNoSenseAreRefused) {
  uint64_t result = 0;
  EXPECT_FALSE(run({}, result)) << "no result";
  EXPECT_FALSE(run({0x22}, result)) << "nothing to add";
  EXPECT_FALSE(run({0x31, 0x30, 0x1b}, result)) << "division by zero";
  EXPECT_FALSE(run({0x31, 0x30, 0x1d}, result)) << "division by zero";
  EXPECT_FALSE(run({0x2f, 0xfd, 0xff}, result)) << "loop";
  EXPECT_FALSE(run({0x2f, 1, 0}, result)) << "jump beyond the end";
  EXPECT_FALSE(run({0x31, 0x12, 0x2f, 0xfc, 0xff}, result)) << "stack overflow";
  EXPECT_FALSE(run({0x0e, 1}, result)) << "operand missing";
  EXPECT_FALSE(run({0xff}, result)) << "unknown operation";
  EXPECT_FALSE(run({0x70, 0}, result)) << "register whose value is not known";
  EXPECT_FALSE(run({0x92, 0xff, 0x01, 0}, result)) << "register that does not exist";
}

// Every address of all code that this program has loaded, in steps that meet every function.
TEST(Tables, EveryRowOfTheLoadedModulesIsUnderstood) {
  struct Seen {
    uint64_t rows = 0;
    uint64_t refused = 0;
    uint64_t first_refused = 0;
  } seen;
  dl_iterate_phdr(
      [](dl_phdr_info* info, size_t, void* context) {
        Seen& total = *static_cast<Seen*>(context);
        for (int i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr)& header = info->dlpi_phdr[i];
          if (header.p_type != PT_LOAD || (header.p_flags & PF_X) == 0) continue;
          const uint64_t begin = info->dlpi_addr + header.p_vaddr;
          for (uint64_t address = begin; address < begin + header.p_memsz; address += 13) {
            Entry entry;
            Row row;
            if (!find_entry(address, entry)) continue;
            ++total.rows;
            EXPECT_LE(entry.begin, address);
            EXPECT_LT(address, entry.end);
            if (find_row(entry, address, row)) continue;
            if (total.refused++ == 0) total.first_refused = address - info->dlpi_addr;
          }
        }
        return 0;
      },
      &seen);
  EXPECT_GT(seen.rows, 100000u);
  EXPECT_EQ(seen.refused, 0u) << "the first at " << std::hex << seen.first_refused;
}

TEST(Tables, AddressesOutsideAllModulesHaveNoEntry) {
  Entry entry;
  for (uint64_t address : {uint64_t{0}, uint64_t{1}, uint64_t{4096}, ~uint64_t{0}, uint64_t{1} << 63}) {
    EXPECT_FALSE(find_entry(address, entry));
  }
  int local = 0;
  EXPECT_FALSE(find_entry(reinterpret_cast<uint64_t>(&local), entry));
}

}  // namespace
