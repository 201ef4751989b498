// What can be told of C and C++ source without compiling it: where comments are, and where functions begin
// and end.
//
// Promises: text in, values out; no I/O; never fails, whatever the text is. Comments are found exactly,
// strings (raw ones too) and character literals are no comments. Functions are told by their braces: the
// outermost block that is no namespace, class or enumeration. Where preprocessor branches have braces that do
// not match, a function may seem longer than it is.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace gordian::finding {

struct Comment {
  uint32_t first_line = 0;  // from 1
  uint32_t last_line = 0;
  std::string text;       // without its marks and the blanks around it
  bool is_alone = false;  // no code on its lines
};

// Without the blanks at both ends.
std::string_view trimmed(std::string_view text);

struct FunctionLines {
  uint32_t first = 0;  // where its declaration begins
  uint32_t last = 0;
};

struct SourceText {
  std::vector<Comment> comments;
  std::vector<FunctionLines> functions;
  std::set<uint32_t> code_lines;
};

SourceText scan_source(std::string_view text);

}  // namespace gordian::finding
