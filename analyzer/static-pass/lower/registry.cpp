#include "analyzer/static-pass/lower/registry.h"

#include "analyzer/static-pass/lower/contracts.h"
#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {
namespace {

// The value that `__kind` of a pthread_mutex_t starts with: glibc's PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP
// and its like.
std::optional<uint32_t> find_kind(const clang::InitListExpr* list, clang::ASTContext& context) {
  if (list->getSemanticForm() != nullptr) list = list->getSemanticForm();
  const auto* type = list->getType()->getAs<clang::RecordType>();
  if (type == nullptr) return std::nullopt;
  if (type->isUnionType()) {
    const auto* inner =
        list->getNumInits() == 1 ? llvm::dyn_cast<clang::InitListExpr>(list->getInit(0)) : nullptr;
    return inner == nullptr ? std::nullopt : find_kind(inner, context);
  }
  unsigned index = 0;
  for (const clang::FieldDecl* field : type->getDecl()->fields()) {
    if (index >= list->getNumInits()) break;
    const clang::Expr* init = list->getInit(index++);
    clang::Expr::EvalResult value;
    if (simple_name(field) == "__kind" && init->EvaluateAsInt(value, context))
      return static_cast<uint32_t>(value.Val.getInt().getZExtValue());
  }
  return std::nullopt;
}

}  // namespace

uint32_t mutex_kind_of(const clang::Expr* init, clang::ASTContext& context) {
  const auto* list = init == nullptr ? nullptr : llvm::dyn_cast<clang::InitListExpr>(init->IgnoreImplicit());
  const uint32_t kind = list == nullptr ? 0 : find_kind(list, context).value_or(0);
  return kind <= 2 ? kind : 0;  // 3 is an adaptive one, which is a normal one that spins
}

Variable Registry::describe(const clang::VarDecl* variable) {
  Variable out;
  const clang::QualType type = variable->getType();
  out.type = names_.type_name(type);
  out.place = names_.place_of(variable->getLocation());
  out.is_pointer = is_pointer_like(type);
  out.is_thread_local = variable->getTLSKind() != clang::VarDecl::TLS_None;
  out.is_const = type.isConstQualified() ||
                 (type->isArrayType() && context_.getBaseElementType(type).isConstQualified());
  out.is_atomic = is_atomic(type);
  return out;
}

Symbol Registry::global(const clang::VarDecl* variable) {
  const Symbol key = names_.key_of(variable);
  std::vector<Variable>& globals = unit_.unit().globals;
  const auto [place, added] = globals_.try_emplace(key.value, globals.size());
  if (!added) return key;
  const clang::VarDecl* definition = variable->getDefinition();
  if (definition == nullptr) definition = variable->getActingDefinition();
  if (definition == nullptr) definition = variable;
  Variable described = describe(definition);
  described.key = key;
  described.name = names_.readable_name(definition);
  described.mutex_kind = mutex_kind_of(definition->getInit(), context_);
  globals.push_back(described);
  const size_t index = globals.size() - 1;
  const Guards guards = guards_of(definition, {unit_, context_, names_, *this});
  globals[index].guarded_by = guards.guarded_by;
  globals[index].acquired_before = guards.before;
  globals[index].acquired_after = guards.after;
  return key;
}

Symbol Registry::field(const clang::FieldDecl* field) {
  const Symbol key = names_.plain_name(field);
  if (!fields_.insert(key.value).second) return key;
  Field described;
  const clang::QualType type = field->getType();
  described.key = key;
  const clang::RecordDecl* owner = field->getParent();
  while (owner->isAnonymousStructOrUnion() && llvm::isa<clang::RecordDecl>(owner->getDeclContext()))
    owner = llvm::cast<clang::RecordDecl>(owner->getDeclContext());
  described.owner = names_.plain_name(owner);
  described.type = names_.type_name(type);
  described.place = names_.place_of(field->getLocation());
  described.is_pointer = is_pointer_like(type);
  described.is_const = type.isConstQualified();
  described.is_atomic = is_atomic(type);
  unit_.unit().fields.push_back(described);
  const size_t index = unit_.unit().fields.size() - 1;
  const Guards guards = guards_of(field, {unit_, context_, names_, *this});
  Field& known = unit_.unit().fields[index];
  known.guarded_by = guards.guarded_by;
  known.acquired_before = guards.before;
  known.acquired_after = guards.after;
  return key;
}

Symbol Registry::function(const clang::FunctionDecl* function) {
  const Symbol key = names_.key_of(function);
  if (!function->isDefined() && !functions_.contains(key.value))
    declare(function, contracts_of(function, {unit_, context_, names_, *this}));
  return key;
}

void Registry::declare(const clang::FunctionDecl* function, std::vector<Contract> contracts) {
  const Symbol key = names_.key_of(function);
  if (!functions_.insert(key.value).second) return;
  unit_.unit().declarations.push_back({key, names_.plain_name(function), std::move(contracts)});
}

void Registry::struct_of_c(const clang::RecordDecl* record) {
  if (!record->isCompleteDefinition() || record->isDependentContext()) return;
  for (const clang::FieldDecl* each : record->fields())
    if (each->getIdentifier() != nullptr) field(each);
}

void Registry::class_of_project(const clang::CXXRecordDecl* record) {
  if (!record->isCompleteDefinition() || record->isLambda()) return;
  add_class(record);
  struct_of_c(record);
  add_overrides(record);
}

void Registry::add_class(const clang::CXXRecordDecl* record) {
  Class one;
  one.name = names_.plain_name(record);
  if (!classes_.insert(one.name.value).second) return;
  one.is_in_system_header = names_.is_in_system_header(record->getLocation());
  one.is_scoped_capability = record->hasAttr<clang::ScopedLockableAttr>();
  std::vector<const clang::CXXRecordDecl*> bases;
  if (record->hasDefinition()) {
    for (const clang::CXXBaseSpecifier& base : record->bases()) {
      const clang::CXXRecordDecl* of = base.getType()->getAsCXXRecordDecl();
      if (of == nullptr) continue;
      bases.push_back(of);
      one.bases.push_back(names_.plain_name(of));
    }
  }
  unit_.unit().classes.push_back(one);
  for (const clang::CXXRecordDecl* base : bases) add_class(base);
}

void Registry::add_overrides(const clang::CXXRecordDecl* record) {
  for (const clang::CXXMethodDecl* method : record->methods()) {
    for (const clang::CXXMethodDecl* overridden : method->overridden_methods()) {
      const Override both{names_.key_of(method), names_.key_of(overridden)};
      if (overrides_.insert({both.method.value, both.overridden.value}).second)
        unit_.unit().overrides.push_back(both);
    }
  }
}

}  // namespace gordian::check
