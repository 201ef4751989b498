#include "analyzer/static-pass/link/construction.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace gordian::check {
namespace {

constexpr std::array<std::string_view, 16> kMakes = {
    "init",    "initialize", "initialise", "new",    "create",   "alloc", "setup", "open",
    "destroy", "free",       "cleanup",    "delete", "destruct", "ctor",  "dtor",  "teardown"};

// The words of a name: `connInit`, `conn_init`, `initConn` have "conn" and "init".
bool has_word(std::string_view name, std::string_view word) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  const auto is_letter = [&](char c) { return lower(c) >= 'a' && lower(c) <= 'z'; };
  for (size_t at = 0; at + word.size() <= name.size(); ++at) {
    const bool same = std::ranges::equal(name.substr(at, word.size()), word, {}, lower);
    if (!same) continue;
    const bool begins = at == 0 || !is_letter(name[at - 1]) ||
                        (lower(name[at - 1]) == name[at - 1] && lower(name[at]) != name[at]);
    const size_t end = at + word.size();
    const bool ends = end == name.size() || !is_letter(name[end]) || lower(name[end]) != name[end];
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

bool is_construction_by_name(const Program& program, FunctionId function) {
  std::string_view name = program.text(program.function(function).plain);
  if (const size_t colons = name.rfind("::"); colons != std::string_view::npos)
    name.remove_prefix(colons + 2);
  return std::ranges::any_of(kMakes, [&](std::string_view word) { return has_word(name, word); });
}

bool is_only_in_main(const Analysis& analysis, const Concurrency& concurrency, FunctionId function) {
  const FunctionId only = concurrency.only_root(function);
  return only && (analysis.program.function(only).flags & function_flags::kMain) != 0;
}

}  // namespace gordian::check
