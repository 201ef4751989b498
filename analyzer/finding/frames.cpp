#include "analyzer/finding/frames.h"

#include <algorithm>
#include <array>

namespace gordian::finding {
namespace {

template <size_t size>
bool starts_with_any(std::string_view text, const std::array<std::string_view, size>& prefixes) {
  return std::ranges::any_of(prefixes, [&](std::string_view prefix) { return text.starts_with(prefix); });
}

}  // namespace

bool is_library_frame(const Frame& frame) {
  constexpr std::array<std::string_view, 3> kDirectories = {"/usr/include/", "/usr/lib/gcc/",
                                                            "/usr/lib/llvm"};
  constexpr std::array<std::string_view, 9> kModules = {"libc.so",      "libc-",       "libpthread",
                                                        "libstdc++.so", "libgordian-", "libtsan.so",
                                                        "libc++.so",    "libgcc_s",    "ld-linux"};
  constexpr std::array<std::string_view, 3> kNames = {"std::", "__gnu_cxx::", "__gthread_"};
  if (!frame.language.empty()) return false;
  if (starts_with_any(frame.file, kDirectories)) return true;
  // Templates and inline functions are compiled into the program's own module; without debug information
  // their name is all that tells them.
  if (frame.file.empty() && starts_with_any(frame.function, kNames)) return true;
  const std::string_view module = std::string_view(frame.module).substr(frame.module.rfind('/') + 1);
  return starts_with_any(module, kModules);
}

const Frame* telling_frame(const Stack& stack) {
  const Frame* fallback = nullptr;
  for (const Frame& frame : stack) {
    if (frame.file.empty() || frame.line == 0) continue;
    if (!is_library_frame(frame)) return &frame;
    if (fallback == nullptr) fallback = &frame;
  }
  return fallback;
}

std::string own_function(const Stack& stack) {
  for (const Frame& frame : stack) {
    if (!frame.function.empty() && !is_library_frame(frame)) return frame.function;
  }
  return {};
}

std::string_view without_parameters(std::string_view function) {
  for (std::string_view qualifier : {" const", " volatile", " &&", " &", " noexcept"}) {
    if (function.ends_with(qualifier)) function.remove_suffix(qualifier.size());
  }
  if (!function.ends_with(')')) return function;
  int depth = 0;
  for (size_t i = function.size(); i-- > 0;) {
    if (function[i] == ')') ++depth;
    if (function[i] == '(' && --depth == 0) {
      const std::string_view name = function.substr(0, i);
      return name.empty() || name.ends_with("operator") || name.ends_with("::") ? function : name;
    }
  }
  return function;
}

}  // namespace gordian::finding
