#include "analyzer/static-pass/lower/lambda_names.h"

#include <cctype>

namespace gordian::check {
namespace {

constexpr std::string_view kCall = "::operator()";
constexpr std::string_view kLambda = "{lambda(";

// "(int)" of "f()::$_0::operator()(int) const", and of "f()::{lambda(int)#1}".
std::string signature_of(const std::string& closure, std::string_view behind_call) {
  const size_t lambda = closure.rfind(kLambda);
  const size_t hash = closure.rfind('#');
  if (lambda != std::string::npos && hash != std::string::npos && hash > lambda && closure.ends_with('}'))
    return closure.substr(lambda + kLambda.size() - 1, hash - lambda - kLambda.size() + 1);
  const size_t open = behind_call.find('(');
  const size_t close = behind_call.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos) return "()";
  return std::string(behind_call.substr(open, close + 1 - open));
}

}  // namespace

void LambdaNames::add(const std::string& call, const std::string& function, unsigned number) {
  const std::string within = function.empty() ? "" : function + "::";
  const size_t start = call.find(within);
  const size_t end = call.rfind(kCall);
  if (start == std::string::npos || end == std::string::npos || end < start + within.size()) return;
  const std::string closure = call.substr(start, end - start);
  renamed_[closure] = renamed(within) + "{lambda" +
                      signature_of(closure, std::string_view(call).substr(end + kCall.size())) + "#" +
                      std::to_string(number) + "}";
}

std::string LambdaNames::renamed(const std::string& name) const {
  if (name.find("$_") == std::string::npos && name.find(kLambda) == std::string::npos) return name;
  std::string result;
  for (size_t at = 0; at < name.size();) {
    const std::string_view rest = std::string_view(name).substr(at);
    const std::string* longest = nullptr;
    size_t taken = 0;
    for (const auto& [closure, ours] : renamed_) {
      if (closure.size() <= taken || !rest.starts_with(closure)) continue;
      if (rest.size() > closure.size() && std::isdigit(static_cast<unsigned char>(rest[closure.size()])))
        continue;
      longest = &ours;
      taken = closure.size();
    }
    if (longest != nullptr) {
      result += *longest;
      at += taken;
    } else {
      result += name[at++];
    }
  }
  return result;
}

}  // namespace gordian::check
