#include "analyzer/finding/source_text.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace gordian::finding {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_blank(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

std::string_view first_word(std::string_view text) {
  return text.substr(0, static_cast<size_t>(std::ranges::find_if_not(text, is_word) - text.begin()));
}

// What stands before a block: a class may have brackets in its attributes, a function ends in its own.
bool heads_a_function(std::string_view head) {
  if (head.starts_with("template")) {
    int depth = 0;
    for (size_t i = 0; i < head.size(); ++i) {
      if (head[i] == '<') ++depth;
      if (head[i] == '>' && --depth == 0) {
        head = trimmed(head.substr(i + 1));
        break;
      }
    }
  }
  if (head.find('(') == head.npos) return false;
  constexpr std::string_view kOthers[] = {"class", "struct", "union", "enum", "namespace"};
  if (std::ranges::find(kOthers, first_word(head)) == std::end(kOthers)) return true;
  for (std::string_view qualifier : {"noexcept", "const", "override", "final"}) {
    if (head.ends_with(qualifier)) head = trimmed(head.substr(0, head.size() - qualifier.size()));
  }
  return head.ends_with(')');
}

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  SourceText scan() {
    while (at_ < text_.size()) step();
    if (function_start_) close_function();
    for (Comment& comment : result_.comments) {
      comment.is_alone = result_.code_lines.lower_bound(comment.first_line) ==
                         result_.code_lines.upper_bound(comment.last_line);
    }
    return std::move(result_);
  }

 private:
  char peek(size_t further) const { return at_ + further < text_.size() ? text_[at_ + further] : '\0'; }

  void advance(size_t count) {
    for (; count != 0 && at_ < text_.size(); --count) {
      if (text_[at_++] == '\n') ++line_;
    }
  }

  void step() {
    const char c = text_[at_];
    if (c == '/' && peek(1) == '/') return line_comment();
    if (c == '/' && peek(1) == '*') return block_comment();
    if (c == '\n') {
      if (at_ == 0 || text_[at_ - 1] != '\\') is_directive_ = false;
      return advance(1);
    }
    if (is_blank(c)) {
      head_ += ' ';
      return advance(1);
    }
    if (c == '#' && !result_.code_lines.contains(line_)) is_directive_ = true;
    result_.code_lines.insert(line_);
    if (c == '"') return string_literal();
    // 1'000 has a separator, u8'a' a prefix.
    if (c == '\'' && !(is_separator())) return quoted('\'');
    if (!is_directive_) structure(c);
    advance(1);
  }

  bool is_separator() const {
    if (at_ == 0 || !is_word(text_[at_ - 1])) return false;
    size_t start = at_;
    while (start > 0 && (is_word(text_[start - 1]) || text_[start - 1] == '\'')) --start;
    return std::isdigit(static_cast<unsigned char>(text_[start])) != 0;
  }

  void structure(char c) {
    if (c == '{') return open();
    if (c == '}') return close();
    if (c == ';') return head_.clear();
    if (trimmed(head_).empty()) {
      head_.clear();
      head_line_ = line_;
    }
    head_ += c;
  }

  void open() {
    ++depth_;
    if (!function_start_ && heads_a_function(trimmed(head_))) {
      function_start_ = head_line_;
      function_depth_ = depth_;
    }
    head_.clear();
  }

  void close() {
    if (function_start_ && depth_ <= function_depth_) close_function();
    depth_ = std::max(depth_ - 1, 0);
    head_.clear();
  }

  void close_function() {
    result_.functions.push_back({*function_start_, line_});
    function_start_.reset();
  }

  void line_comment() {
    size_t end = at_;
    while (end < text_.size() && (text_[end] != '\n' || text_[end - 1] == '\\')) ++end;
    comment(end, end);
  }

  void block_comment() {
    const size_t close = text_.find("*/", at_ + 2);
    const size_t end = std::min(close, text_.size());
    comment(end, close == text_.npos ? end : end + 2);
  }

  void comment(size_t end_of_text, size_t end) {
    std::string_view text = text_.substr(at_ + 2, end_of_text - at_ - 2);
    while (!text.empty() && (text.front() == '/' || text.front() == '*' || text.front() == '!'))
      text.remove_prefix(1);
    Comment comment{.first_line = line_, .text = std::string(trimmed(text))};
    advance(end - at_);
    comment.last_line = line_;
    result_.comments.push_back(std::move(comment));
  }

  void string_literal() {
    const bool is_raw = at_ > 0 && text_[at_ - 1] == 'R' &&
                        (at_ == 1 || !is_word(text_[at_ - 2]) || is_encoding(text_.substr(0, at_ - 1)));
    if (!is_raw) return quoted('"');
    const size_t open = text_.find('(', at_);
    if (open == text_.npos) return quoted('"');
    const std::string end = ')' + std::string(text_.substr(at_ + 1, open - at_ - 1)) + '"';
    const size_t close = text_.find(end, open);
    literal(close == text_.npos ? text_.size() : close + end.size());
  }

  // u8R"(...)", LR"(...)"
  static bool is_encoding(std::string_view before) {
    size_t start = before.size();
    while (start > 0 && is_word(before[start - 1])) --start;
    const std::string_view prefix = before.substr(start);
    return prefix == "u8" || prefix == "u" || prefix == "U" || prefix == "L";
  }

  void quoted(char quote) {
    size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2 : 1;
    literal(std::min(end + (end < text_.size() && text_[end] == quote ? 1 : 0), text_.size()));
  }

  void literal(size_t end) {
    head_ += '"';
    while (at_ < end) {
      advance(1);
      if (at_ < end) result_.code_lines.insert(line_);
    }
  }

  std::string_view text_;
  SourceText result_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  bool is_directive_ = false;
  int depth_ = 0;
  std::string head_;  // what stands before the next block
  uint32_t head_line_ = 1;
  std::optional<uint32_t> function_start_;
  int function_depth_ = 0;
};

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

SourceText scan_source(std::string_view text) {
  return Scanner(text).scan();
}

}  // namespace gordian::finding
