#include "analyzer/capture/function_names.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace gordian::capture {
namespace {

constexpr std::string_view kAnonymous = "(anonymous namespace)";
constexpr std::string_view kOperator = "operator";
constexpr char kKeptSpace = '\x01';

bool is_word(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// Index after the bracket that closes the one at `open`; the end when none does.
size_t after_matching(std::string_view text, size_t open, char left, char right) {
  int depth = 0;
  for (size_t i = open; i < text.size(); ++i) {
    if (text[i] == left) ++depth;
    // The arrow in a template argument's trailing return type closes nothing.
    if (text[i] == right && !(right == '>' && i > 0 && text[i - 1] == '-') && --depth == 0) return i + 1;
  }
  return text.size();
}

// Length of `operator` and the symbol that follows it, at the start of `text`.
size_t operator_length(std::string_view text) {
  size_t i = kOperator.size();
  if (text.substr(i, 2) == "()" || text.substr(i, 2) == "[]") return i + 2;
  while (i < text.size() && std::string_view("<>=!+-*/%^&|~,").find(text[i]) != std::string_view::npos) ++i;
  return i;
}

}  // namespace

std::string plain_function(std::string_view demangled) {
  // Brackets and what is in them go, spaces that belong to the name are kept out of sight, and then the name
  // is what follows the last space.
  std::string plain;
  const auto append = [&plain](std::string_view part) {
    for (const char c : part) plain += c == ' ' ? kKeptSpace : c;
  };
  for (size_t i = 0; i < demangled.size();) {
    const std::string_view rest = demangled.substr(i);
    const bool at_word = plain.empty() || !is_word(plain.back());
    if (rest.starts_with(kAnonymous)) {
      append(kAnonymous);
      i += kAnonymous.size();
    } else if (at_word && rest.starts_with(kOperator) &&
               (rest.size() == kOperator.size() || !is_word(rest[kOperator.size()]))) {
      // A conversion has its type for a name, up to the parameters.
      const size_t symbol = operator_length(rest);
      const size_t length = symbol > kOperator.size() ? symbol : std::min(rest.find('('), rest.size());
      append(rest.substr(0, length));
      i += length;
    } else if (demangled[i] == '(') {
      i = after_matching(demangled, i, '(', ')');
    } else if (demangled[i] == '<') {
      i = after_matching(demangled, i, '<', '>');
    } else if (demangled[i] == '[') {
      i = after_matching(demangled, i, '[', ']');
    } else {
      plain += demangled[i++];
    }
  }
  for (bool cut = true; cut;) {
    cut = false;
    for (const std::string_view qualifier : {" const", " volatile", " noexcept", " &", " &&", " "}) {
      if (!plain.ends_with(qualifier)) continue;
      plain.resize(plain.size() - qualifier.size());
      cut = true;
    }
  }
  const size_t space = plain.rfind(' ');
  if (space != std::string::npos) plain.erase(0, space + 1);
  std::replace(plain.begin(), plain.end(), kKeptSpace, ' ');
  return plain.empty() ? std::string(demangled) : plain;
}

bool is_wrapper(std::string_view plain) {
  constexpr std::array<std::string_view, 16> prefixes = {
      "std::",       "boost::",  "__gnu_cxx::", "__gthread_", "pthread_", "__pthread_",
      "___pthread_", "sem_",     "__sem_",      "__new_sem_", "mtx_",     "cnd_",
      "__lll_lock",  "__futex_", "futex_",      "syscall"};
  for (const std::string_view prefix : prefixes) {
    if (plain.starts_with(prefix)) return true;
  }
  return false;
}

const finding::Frame* own_frame(const finding::Stack& stack) {
  for (const finding::Frame& frame : stack) {
    if (!frame.function.empty() && !is_c_library(frame.module) && !is_wrapper(plain_function(frame.function)))
      return &frame;
  }
  return nullptr;
}

std::string own_function(const finding::Stack& stack) {
  const finding::Frame* frame = own_frame(stack);
  return frame == nullptr ? std::string() : plain_function(frame->function);
}

std::string place(const finding::Frame& frame) {
  const std::string module(base_name(frame.module));
  std::string where;
  if (!frame.file.empty()) {
    where = std::string(base_name(frame.file)) + ':' + std::to_string(frame.line);
  } else {
    where = module;
  }
  if (!frame.function.empty()) {
    const std::string plain = plain_function(frame.function);
    return where.empty() ? plain : plain + " (" + where + ')';
  }
  if (!frame.file.empty()) return where;
  return module.empty() ? hexadecimal(frame.address) : module + '+' + hexadecimal(frame.module_offset);
}

std::string_view base_name(std::string_view path) {
  const size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_hooks_library(std::string_view module) {
  const std::string_view name = base_name(module);
  return name.starts_with("libgordian-hooks.so") || name.starts_with("libgordian-trace-hooks.so") ||
         name.starts_with("libtsan.so");
}

bool is_c_library(std::string_view module) {
  const std::string_view name = base_name(module);
  for (const std::string_view prefix :
       {"libc.so", "libc-2.", "libpthread.so", "libpthread-2.", "ld-linux", "ld-2."}) {
    if (name.starts_with(prefix)) return true;
  }
  return false;
}

std::string hexadecimal(uint64_t value) {
  char text[20];
  std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
  return text;
}

}  // namespace gordian::capture
