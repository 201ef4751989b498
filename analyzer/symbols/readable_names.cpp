#include "analyzer/symbols/readable_names.h"

#include <cxxabi.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

namespace gordian::symbols {
namespace {

constexpr size_t kLongestParameters = 60;
constexpr size_t kLongestName = 100;

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
}

bool is_hexadecimal(std::string_view text) {
  for (char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) return false;
  }
  return true;
}

void drop_noise(std::string& name) {
  if (const size_t clone = name.find(" [clone "); clone != std::string::npos) name.resize(clone);
  for (size_t at = 0; (at = name.find("[abi:", at)) != std::string::npos;) {
    const size_t end = name.find(']', at);
    if (end == std::string::npos) break;
    name.erase(at, end - at + 1);
  }
  replace_all(name, "(anonymous namespace)::", "");
  replace_all(name, "std::__cxx11::", "std::");
  replace_all(name, "std::__1::", "std::");
  replace_all(name, "std::basic_string<char, std::char_traits<char>, std::allocator<char> >", "std::string");
  replace_all(name, "> >", ">>");
  // Rust's older mangling ends each path in a hash: `::h0123456789abcdef`.
  constexpr size_t kHash = 19;
  if (name.size() > kHash && name.compare(name.size() - kHash, 3, "::h") == 0 &&
      is_hexadecimal(std::string_view(name).substr(name.size() - kHash + 3))) {
    name.resize(name.size() - kHash);
  }
}

// glibc calls its own functions by hidden aliases: `__GI_qsort`, `___pthread_mutex_lock`. Nobody else knows
// those.
std::string_view without_alias(std::string_view name) {
  constexpr std::string_view kInternal = "__GI_";
  if (name.substr(0, kInternal.size()) == kInternal) name.remove_prefix(kInternal.size());
  const size_t start = std::min(name.find_first_not_of('_'), name.size());
  return name.substr(start, 8) == "pthread_" ? name.substr(start) : name;
}

// What compilers append to a C name when they clone or split a function, or number a local static.
std::string without_suffix(std::string_view name) {
  static constexpr std::array<std::string_view, 7> kSuffixes = {
      ".part.", ".constprop.", ".isra.", ".cold", ".lto_priv.", ".llvm.", ".localalias"};
  size_t end = name.size();
  for (std::string_view suffix : kSuffixes) {
    const size_t at = name.find(suffix);
    if (at != std::string_view::npos && at > 0 && at < end) end = at;
  }
  name = without_alias(name.substr(0, end));
  const size_t dot = name.rfind('.');
  if (dot != std::string_view::npos && dot > 0 && dot + 1 < name.size() &&
      name.find_first_not_of("0123456789", dot + 1) == std::string_view::npos) {
    name = name.substr(0, dot);
  }
  return std::string(name);
}

std::string demangled(std::string_view linkage_name) {
  if (linkage_name.substr(0, 2) != "_Z") return without_suffix(linkage_name);
  const std::string terminated(linkage_name);
  int status = 0;
  std::unique_ptr<char, void (*)(void*)> text(
      abi::__cxa_demangle(terminated.c_str(), nullptr, nullptr, &status), std::free);
  if (text == nullptr) return without_suffix(linkage_name);
  std::string name = text.get();
  drop_noise(name);
  return name;
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '$';
}

struct Span {
  size_t begin = 0;
  size_t end = 0;
};

// Where the parts of a demangled function name are: `RETURN_TYPE NAME<ARGUMENTS>(PARAMETERS) QUALIFIERS`.
struct Parts {
  Span name;
  std::vector<Span>
      parameters;  // the last is the function's own, earlier ones are of functions that enclose it
  std::vector<Span> arguments;  // template arguments
};

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) { parts_.name.end = text.size(); }

  Parts scan() {
    for (at_ = 0; at_ < text_.size(); ++at_) {
      if (open_.empty() && starts_operator()) {
        skip_operator();
      } else if (!step()) {
        break;
      }
    }
    if (!open_.empty()) {  // not balanced: better the whole text than half of it
      parts_ = Parts();
      parts_.name.end = text_.size();
    }
    return parts_;
  }

 private:
  bool step() {
    const char c = text_[at_];
    if (c == '(' || c == '{' || c == '[' || c == '<') {
      open_.push_back({c, at_});
    } else if (c == ')' || c == '}' || c == ']' || c == '>') {
      close(c);
    } else if (c == ' ' && open_.empty()) {
      return space();
    }
    return true;
  }

  bool starts_operator() const {
    constexpr std::string_view kOperator = "operator";
    if (text_.compare(at_, kOperator.size(), kOperator) != 0) return false;
    if (at_ > 0 && is_word(text_[at_ - 1])) return false;
    const size_t after = at_ + kOperator.size();
    return after < text_.size() && !is_word(text_[after]);
  }

  void skip_operator() {
    in_operator_ = true;
    at_ += std::string_view("operator").size();
    if (text_.compare(at_, 2, "()") == 0) {
      at_ += 1;
      return;
    }
    size_t length = 0;
    while (length < 3 && at_ < text_.size() &&
           std::string_view("<>=!+-*/%^&|~,[]").find(text_[at_]) != std::string_view::npos) {
      ++at_;
      ++length;
    }
    --at_;
  }

  void close(char c) {
    if (c == '>' && (open_.empty() || open_.back().first != '<' || text_[at_ - 1] == '-')) return;
    if (open_.empty()) return;
    const auto [opener, begin] = open_.back();
    open_.pop_back();
    if (!open_.empty()) return;
    if (opener == '(') parts_.parameters.push_back({begin, at_ + 1});
    if (opener == '<') parts_.arguments.push_back({begin, at_ + 1});
  }

  // A space outside all brackets ends the return type, or the parameters when qualifiers follow.
  bool space() {
    const std::string_view rest = text_.substr(at_ + 1);
    if (!parts_.parameters.empty()) {
      for (std::string_view qualifier : {"const", "volatile", "&", "noexcept", "["}) {
        if (rest.substr(0, qualifier.size()) != qualifier) continue;
        if (is_member_of_local(rest)) return true;
        parts_.name.end = at_;
        return false;
      }
    }
    if (in_operator_) return true;  // `operator unsigned int`
    parts_.name.begin = at_ + 1;
    parts_.parameters.clear();
    parts_.arguments.clear();
    return true;
  }

  // `f() const::{lambda()#1}::operator()() const`: the first `const` qualifies an enclosing function.
  static bool is_member_of_local(std::string_view rest) {
    return rest.substr(0, 7) == "const::" || rest.substr(0, 9) == "const &::";
  }

  std::string_view text_;
  size_t at_ = 0;
  bool in_operator_ = false;
  std::vector<std::pair<char, size_t>> open_;
  Parts parts_;
};

std::string without(std::string_view text, const Parts& parts, bool arguments, std::string_view instead) {
  std::string name;
  for (size_t at = parts.name.begin; at < parts.name.end;) {
    size_t skip_to = 0;
    std::string_view left;
    for (const Span& span : parts.parameters) {
      if (span.begin == at) skip_to = span.end;
    }
    for (const Span& span : parts.arguments) {
      if (arguments && span.begin == at) skip_to = span.end, left = instead;
    }
    if (skip_to > at) {
      name += left;
      at = skip_to;
    } else {
      name += text[at++];
    }
  }
  replace_all(name, " const::", "::");
  while (!name.empty() && name.back() == ' ') name.pop_back();
  return name;
}

}  // namespace

std::string readable_function(std::string_view linkage_name) {
  const std::string text = demangled(linkage_name);
  const Parts parts = Scanner(text).scan();
  std::string name = without(text, parts, false, "");
  if (name.size() > kLongestName) name = without(text, parts, true, "<...>");
  if (parts.parameters.empty()) return name;
  const Span last = parts.parameters.back();
  const bool is_long = last.end - last.begin > kLongestParameters;
  return name + (is_long ? "(...)" : text.substr(last.begin, last.end - last.begin));
}

std::string plain_function(std::string_view linkage_name) {
  const std::string text = demangled(linkage_name);
  return without(text, Scanner(text).scan(), true, "");
}

std::string readable_variable(std::string_view linkage_name) {
  const std::string text = demangled(linkage_name);
  if (linkage_name.substr(0, 3) != "_ZZ") return text;
  // A static of a function: the text is `FUNCTION::NAME`, where FUNCTION may or may not show its parameters.
  const size_t last = text.rfind("::");
  if (last == std::string::npos) return text;
  const std::string function = text.substr(0, last);
  return without(function, Scanner(function).scan(), true, "") + "()" + text.substr(last);
}

}  // namespace gordian::symbols
