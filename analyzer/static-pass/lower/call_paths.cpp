// What the value of a call is called: most often its result, but some functions only pass on what they get.
#include "analyzer/static-pass/lower/call_names.h"
#include "analyzer/static-pass/lower/function.h"
#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {

using llvm::dyn_cast;

Path FunctionLowering::path_of_call(const clang::CallExpr* call) {
  if (std::optional<Path> path = path_through_call(call)) return *std::move(path);
  if (function_ == nullptr && !in_initializers_) return {};  // of an attribute
  const clang::FunctionDecl* callee = call->getDirectCallee();
  const Root root = callee != nullptr && allocates(callee) ? Root::kFresh : Root::kResult;
  return {.root = root, .number = result_of(call)};
}

std::optional<Path> FunctionLowering::path_through_call(const clang::CallExpr* call) {
  const clang::FunctionDecl* callee = call->getDirectCallee();
  if (callee == nullptr) return std::nullopt;
  if (const auto* returned = callee->getAttr<clang::LockReturnedAttr>();
      returned != nullptr && function_ == nullptr && llvm::isa<clang::CXXMemberCallExpr>(call)) {
    // In an attribute, `mutex()` of the same object.
    return path_of(returned->getArg());
  }
  if (const auto* method = dyn_cast<clang::CXXMethodDecl>(callee);
      method != nullptr && method->isInstance()) {
    const clang::Expr* object = object_of(call);
    return object == nullptr ? std::nullopt : path_through_method(object, method, call);
  }
  return path_through_function(call, callee);
}

std::optional<Path> FunctionLowering::path_through_function(const clang::CallExpr* call,
                                                            const clang::FunctionDecl* callee) {
  if (call->getNumArgs() == 0 || !unit_.names.is_in_system_header(callee->getLocation())) return std::nullopt;
  const clang::Expr* first = call->getArg(0);
  if (passes_on(callee)) return path_of(first);
  if (is_in_std(callee) && simple_name(callee) == "get") {
    const auto* list = callee->getTemplateSpecializationArgs();
    if (list == nullptr || list->size() == 0 || list->get(0).getKind() != clang::TemplateArgument::Integral)
      return Path{};
    Path path = path_of(first);
    if (path.root == Root::kUnknown) return path;
    const std::string number = std::to_string(list->get(0).getAsIntegral().getZExtValue());
    const clang::CXXRecordDecl* record = class_of(first->getType());
    if (record != nullptr && simple_name(record) == "pair") {
      for (const clang::FieldDecl* field : record->fields())
        if (simple_name(field) == (number == "0" ? "first" : "second")) return member_of(path, field);
    }
    path.elements.push_back({Element::Kind::kIndex, unit_.unit.symbol(number)});
    return path;
  }
  return std::nullopt;
}

std::optional<Path> FunctionLowering::path_through_method(const clang::Expr* object,
                                                          const clang::CXXMethodDecl* method,
                                                          const clang::CallExpr* call) {
  const clang::CXXRecordDecl* record = class_of(object->getType());
  if (record == nullptr || !unit_.names.is_in_system_header(record->getLocation())) {
    const bool converts =
        record != nullptr && record->isLambda() && llvm::isa<clang::CXXConversionDecl>(method);
    return converts ? std::optional(path_of(object)) : std::nullopt;
  }
  const llvm::StringRef name = simple_name(method);
  const clang::OverloadedOperatorKind kind = method->getOverloadedOperator();
  const clang::QualType result = method->getReturnType().getNonReferenceType();
  if (is_smart_pointer(record)) {
    if (kind == clang::OO_Star) return behind(path_of(object), result);
    if (kind == clang::OO_Subscript) return element_of(path_of(object), call->getArg(1));
    if (kind == clang::OO_Arrow || kind == clang::OO_Equal || llvm::isa<clang::CXXConversionDecl>(method) ||
        is_one_of(name, {"get", "lock", "release", "value", "has_value"}))
      return path_of(object);
    return std::nullopt;
  }
  if (is_iterator(record)) {
    if (kind == clang::OO_Star || kind == clang::OO_Arrow) return element_of(path_of(object), nullptr);
    if (kind == clang::OO_Subscript) return element_of(path_of(object), nullptr);
    return path_of(object);
  }
  if (is_callable_wrapper(record) && kind == clang::OO_Equal) return path_of(object);
  if (is_synchronisation(record)) return std::nullopt;
  if (kind == clang::OO_Subscript) return element_of(path_of(object), call->getArg(1));
  if (name == "at" && call->getNumArgs() == 1) return element_of(path_of(object), call->getArg(0));
  if (is_one_of(name, {"front", "back", "top", "emplace_back", "emplace_front"}))
    return element_of(path_of(object), nullptr);
  if (is_one_of(name, {"begin", "end", "cbegin", "cend", "rbegin", "rend", "find", "lower_bound",
                       "upper_bound", "data", "c_str", "before_begin"}))
    return path_of(object);
  return std::nullopt;
}

}  // namespace gordian::check
