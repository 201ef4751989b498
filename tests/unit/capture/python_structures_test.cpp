// What the reader makes of structures that are damaged, hostile or of a version that it does not know.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <vector>

#include "analyzer/capture/process/live_memory.h"
#include "analyzer/capture/python_lines.h"
#include "analyzer/capture/python_stack.h"

namespace gordian::capture {
namespace {

uint32_t own_pid() {
  return static_cast<uint32_t>(getpid());
}

PythonLayout layout_of(uint32_t version) {
  FreshMemory source(own_pid());
  PythonMemory memory(source);
  std::string reason;
  return *python_layout(version, 0, memory, &reason);
}

// A block of this process's memory that is dressed up as a structure of CPython 3.11.
class Structure {
 public:
  template <typename Value>
  void set(uint64_t offset, Value value) {
    std::memcpy(bytes_.data() + offset, &value, sizeof value);
  }
  uint64_t address() const { return reinterpret_cast<uint64_t>(bytes_.data()); }

 private:
  std::vector<uint8_t> bytes_ = std::vector<uint8_t>(512);
};

class FakeInterpreter : public ::testing::Test {
 protected:
  void SetUp() override {
    for (auto& [type, name] :
         {std::pair{&text_type_, "str"}, {&bytes_type_, "bytes"}, {&code_type_, "code"}}) {
      type->set(layout_.type_name, reinterpret_cast<uint64_t>(name));
    }
    make_text(file_, "bank.py");
    make_text(name_, "Bank.transfer");
    lines_.set(layout_.object_type, bytes_type_.address());
    lines_.set(layout_.bytes_length, int64_t{2});
    lines_.set(layout_.bytes_data, uint8_t{0x80 | 13 << 3 | 7});
    lines_.set(layout_.bytes_data + 1, uint8_t{2 << 1});  // two lines on, for eight code units
    code_.set(layout_.object_type, code_type_.address());
    code_.set(layout_.code_file_name, file_.address());
    code_.set(layout_.code_qualified_name, name_.address());
    code_.set(layout_.code_line_table, lines_.address());
    code_.set(layout_.code_first_line, int32_t{10});
    frame_.set(layout_.frame_code, code_.address());
    frame_.set(layout_.frame_instruction, code_.address() + layout_.code_instructions + 4);
    cframe_.set(layout_.cframe_current_frame, frame_.address());
    thread_.set(layout_.current_frame, cframe_.address());
  }

  void make_text(Structure& text, const std::string& content) {
    text.set(layout_.object_type, text_type_.address());
    text.set(layout_.text_length, static_cast<int64_t>(content.size()));
    text.set(layout_.text_state, uint32_t{1u << 2 | 1u << 5 | 1u << 6});
    for (size_t i = 0; i < content.size(); ++i) text.set(layout_.ascii_text_size + i, content[i]);
  }

  std::optional<finding::Stack> stack() {
    return PythonStackReader(memory_, layout_).stack_of(thread_.address());
  }

  PythonLayout layout_ = layout_of(0x030b02f0);
  FreshMemory source_{own_pid()};
  PythonMemory memory_{source_};
  Structure text_type_, bytes_type_, code_type_, file_, name_, lines_, code_, frame_, cframe_, thread_;
};

TEST_F(FakeInterpreter, AWholeFrameIsRead) {
  const auto found = stack();
  ASSERT_TRUE(found);
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().function, "Bank.transfer");
  EXPECT_EQ(found->front().file, "bank.py");
  EXPECT_EQ(found->front().line, 12u);
}

TEST_F(FakeInterpreter, AFrameThatIsNotSetUpYetIsLeftOut) {
  code_.set(layout_.code_first_traceable, int32_t{3});
  const auto found = stack();
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->empty());
}

TEST_F(FakeInterpreter, AChainThatLoopsIsNoStack) {
  frame_.set(layout_.frame_previous, frame_.address());
  EXPECT_FALSE(stack());
}

TEST_F(FakeInterpreter, AChainThatIsTooLongIsCutAndSaysSo) {
  std::vector<Structure> frames(10'100);
  for (size_t i = 0; i < frames.size(); ++i) {
    frames[i] = frame_;
    if (i > 0) frames[i].set(layout_.frame_previous, frames[i - 1].address());
  }
  cframe_.set(layout_.cframe_current_frame, frames.back().address());
  const auto found = stack();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->size(), 10'001u);
  EXPECT_NE(found->back().function.find("left out"), std::string::npos);
}

TEST_F(FakeInterpreter, PointersToNowhereAreNoStack) {
  frame_.set(layout_.frame_previous, uint64_t{8});
  EXPECT_FALSE(stack());
  frame_.set(layout_.frame_previous, ~uint64_t{0});
  EXPECT_FALSE(stack());
  frame_.set(layout_.frame_previous, uint64_t{0});
  frame_.set(layout_.frame_code, uint64_t{0});
  EXPECT_FALSE(stack());
}

TEST_F(FakeInterpreter, AnObjectOfAnotherTypeIsNotTakenForCode) {
  code_.set(layout_.object_type, text_type_.address());
  EXPECT_FALSE(stack());
}

TEST_F(FakeInterpreter, HostileLengthsAreNotBelieved) {
  for (int64_t length : {int64_t{-1}, int64_t{1} << 40, INT64_MAX, INT64_MIN}) {
    name_.set(layout_.text_length, length);
    EXPECT_FALSE(stack()) << length;
  }
  make_text(name_, "f");
  for (int64_t length : {int64_t{-1}, int64_t{1} << 40, INT64_MAX}) {
    lines_.set(layout_.bytes_length, length);
    EXPECT_FALSE(stack()) << length;
  }
}

TEST_F(FakeInterpreter, TextThatIsNotCompactIsNotRead) {
  name_.set(layout_.text_state, uint32_t{0});
  EXPECT_FALSE(stack());
  name_.set(layout_.text_state, uint32_t{3u << 2 | 1u << 5});  // characters of three bytes
  EXPECT_FALSE(stack());
}

TEST_F(FakeInterpreter, AnInstructionBehindTheTableHasNoLine) {
  frame_.set(layout_.frame_instruction, code_.address() + layout_.code_instructions + 4096);
  const auto found = stack();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->at(0).line, 0u);
  EXPECT_EQ(found->at(0).function, "Bank.transfer");
}

TEST(PythonLayouts, UnknownVersionsHaveNoLayoutAndAReason) {
  FreshMemory source(own_pid());
  PythonMemory memory(source);
  for (uint32_t version : {0x03090000u, 0x030a0000u, 0x030e0000u, 0x02070000u, 0u}) {
    std::string reason;
    EXPECT_FALSE(python_layout(version, 0, memory, &reason));
    EXPECT_TRUE(reason.starts_with("CPython " + python_version_text(version) + ": ")) << reason;
  }
}

TEST(PythonLayouts, AVersionThatShouldDescribeItselfButDoesNotHasAReason) {
  FreshMemory source(own_pid());
  PythonMemory memory(source);
  const std::vector<uint64_t> zeros(100);
  std::string reason;
  EXPECT_FALSE(python_layout(0x030d0000, reinterpret_cast<uint64_t>(zeros.data()), memory, &reason));
  EXPECT_NE(reason, "");
}

TEST(PythonLines, EveryKindOfEntryIsUnderstood) {
  const std::vector<uint8_t> table = {
      0x80 | 13 << 3 | 0, 1 << 1,                // unit 0: no columns, line + 1
      0x80 | 2 << 3 | 1,  0x34,                  // units 1-2: short form, column 2 * 8 + 3
      0x80 | 12 << 3 | 0, 7,        9,           // unit 3: one line, line + 2, column 7
      0x80 | 15 << 3 | 0,                        // unit 4: no line
      0x80 | 14 << 3 | 0, 0x40 | 9, 3, 0, 5, 6,  // unit 5: long form, line - (9 >> 1 | 3 << 5)
  };
  EXPECT_EQ(python_position(table, 200, 0)->line, 201u);
  EXPECT_EQ(python_position(table, 200, -1)->line, 201u);
  EXPECT_EQ(python_position(table, 200, 2)->line, 201u);
  EXPECT_EQ(python_position(table, 200, 2)->column, 20u);
  EXPECT_EQ(python_position(table, 200, 3)->line, 203u);
  EXPECT_EQ(python_position(table, 200, 3)->column, 8u);
  EXPECT_FALSE(python_position(table, 200, 4));
  EXPECT_EQ(python_position(table, 200, 5)->line, 203u - 100u);
  EXPECT_EQ(python_position(table, 200, 5)->column, 5u);
  EXPECT_FALSE(python_position(table, 200, 6));
}

TEST(PythonLines, DamagedTablesHaveNoLines) {
  EXPECT_FALSE(python_position({}, 1, 0));
  EXPECT_FALSE(python_position({0x00}, 1, 0));
  EXPECT_FALSE(python_position({0x80 | 13 << 3}, 1, 0));
  EXPECT_FALSE(python_position({0x80 | 14 << 3, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f, 0x7f}, 1, 0));
  EXPECT_FALSE(python_position(std::vector<uint8_t>(1000, 0x80 | 15 << 3), 1, 5));
}

}  // namespace
}  // namespace gordian::capture
