// Loads and stores of what another thread could see.
#include "analyzer/static-pass/lower/call_names.h"
#include "analyzer/static-pass/lower/function.h"
#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {

using llvm::dyn_cast;
using llvm::isa;

namespace {

constexpr unsigned kLongestChain = 20;  // of references that lead to each other

// Types whose functions are about locks, threads and streams: what they do with their memory is their matter.
bool is_operated_on_by_c(llvm::StringRef type) {
  return type.starts_with("pthread_") || type.starts_with("__pthread") || type.starts_with("std::") ||
         is_one_of(type, {"sem_t", "_IO_FILE", "mtx_t", "cnd_t", "__once_flag", "once_flag", "__dirstream"});
}

// Whether a path leads to memory at all, and to memory that has a name.
bool is_location(const Path& path) {
  return path.root != Root::kUnknown && path.root != Root::kConstant && path.root != Root::kFunction &&
         path.root != Root::kLambda && (path.root != Root::kThis || !path.elements.empty());
}

}  // namespace

void FunctionLowering::lower_access(const clang::Expr* lvalue, uint16_t flags, const clang::Expr* at,
                                    Symbol by) {
  if (in_initializers_ || !is_shared(lvalue)) return;
  Path path = path_of(lvalue);
  if (!is_location(path)) return;
  Op op;
  op.kind = OpKind::kAccess;
  op.flags = flags;
  if (is_atomic(lvalue->getType())) op.flags |= op_flags::kAtomic;
  op.place = unit_.names.place_of((at != nullptr ? at : lvalue)->getExprLoc());
  op.name = by;
  op.target = std::move(path);
  add(std::move(op));
}

void FunctionLowering::lower_access_behind(const clang::Expr* pointer, uint16_t flags, const clang::Expr* at,
                                           Symbol by) {
  if (in_initializers_) return;
  Path path = behind(path_of(pointer), pointer->getType()->getPointeeType());
  if (!is_location(path)) return;
  Op op;
  op.kind = OpKind::kAccess;
  op.flags = flags;
  op.place = unit_.names.place_of(at->getExprLoc());
  op.name = by;
  op.target = std::move(path);
  add(std::move(op));
}

bool FunctionLowering::is_shared_variable(const clang::DeclRefExpr* reference, unsigned depth) {
  if (const auto* part = dyn_cast<clang::BindingDecl>(reference->getDecl())) {
    if (reference->refersToEnclosingVariableOrCapture()) return true;
    const clang::VarDecl* holder = part->getHoldingVar();
    const clang::Expr* bound = holder != nullptr ? holder->getInit() : part->getBinding();
    return bound != nullptr && is_shared(bound, depth + 1);
  }
  const auto* variable = dyn_cast<clang::VarDecl>(reference->getDecl());
  if (variable == nullptr) return false;
  if (variable->hasGlobalStorage()) {
    return !variable->getType().isConstQualified() && !variable->isConstexpr() &&
           !unit_.names.is_in_system_header(variable->getLocation());
  }
  if (reference->refersToEnclosingVariableOrCapture()) {
    const auto capture = captures_.find(variable);
    if (closure_ == nullptr || capture == captures_.end()) return false;
    const bool by_reference =
        std::next(closure_->captures_begin(), capture->second)->getCaptureKind() == clang::LCK_ByRef;
    return by_reference || variable->getType()->isReferenceType();
  }
  if (variable->getType()->isReferenceType()) {
    if (isa<clang::ParmVarDecl>(variable)) return true;
    return variable->getInit() == nullptr || is_shared(variable->getInit(), depth + 1);
  }
  return survey_.escaping.contains(variable);
}

bool FunctionLowering::is_shared(const clang::Expr* lvalue, unsigned depth) {
  if (depth > kLongestChain) return true;
  const clang::Expr* bare = strip(lvalue);
  if (const auto* reference = dyn_cast<clang::DeclRefExpr>(bare)) return is_shared_variable(reference, depth);
  if (const auto* member = dyn_cast<clang::MemberExpr>(bare)) {
    const auto* variable = dyn_cast<clang::VarDecl>(member->getMemberDecl());
    if (variable != nullptr) return !variable->getType().isConstQualified();
    const auto* field = dyn_cast<clang::FieldDecl>(member->getMemberDecl());
    if (field == nullptr || (field->getType().isConstQualified() && !field->isMutable())) return false;
    if (!member->isArrow()) return is_shared(member->getBase(), depth + 1);
    const auto* address = dyn_cast<clang::UnaryOperator>(strip(member->getBase()));
    const bool of_address = address != nullptr && address->getOpcode() == clang::UO_AddrOf;
    return !of_address || is_shared(address->getSubExpr(), depth + 1);
  }
  if (isa<clang::CXXThisExpr>(bare)) return true;
  if (const auto* subscript = dyn_cast<clang::ArraySubscriptExpr>(bare)) {
    const clang::Expr* array = subscript->getBase()->IgnoreParenImpCasts();
    return !array->getType()->isArrayType() ||
           (!isa<clang::StringLiteral>(array) && is_shared(array, depth + 1));
  }
  if (const auto* unary = dyn_cast<clang::UnaryOperator>(bare)) {
    if (unary->getOpcode() == clang::UO_Deref) return !isa<clang::StringLiteral>(strip(unary->getSubExpr()));
    return unary->isLValue() && is_shared(unary->getSubExpr(), depth + 1);
  }
  if (const auto* call = dyn_cast<clang::CallExpr>(bare)) {
    if (!call->isGLValue()) return false;
    const clang::Expr* object = object_of(call);
    const auto* callee = call->getDirectCallee();
    if (callee == nullptr || !is_of_system(callee)) return true;
    if (object != nullptr) {
      const clang::CXXRecordDecl* record = class_of(object->getType());
      if (record != nullptr && (is_smart_pointer(record) || is_iterator(record))) return true;
      return object->getType()->isPointerType() || is_shared(object, depth + 1);
    }
    return call->getNumArgs() > 0 && is_shared(call->getArg(0), depth + 1);
  }
  if (const auto* choice = dyn_cast<clang::AbstractConditionalOperator>(bare))
    return is_shared(choice->getTrueExpr(), depth + 1) || is_shared(choice->getFalseExpr(), depth + 1);
  if (const auto* binary = dyn_cast<clang::BinaryOperator>(bare)) {
    if (binary->isPtrMemOp()) return true;
    return binary->isLValue() &&
           is_shared(binary->isCommaOp() ? binary->getRHS() : binary->getLHS(), depth + 1);
  }
  return false;
}

void FunctionLowering::lower_store(const clang::BinaryOperator* assignment) {
  const clang::Expr* target = assignment->getLHS();
  lower_access(target, op_flags::kWrite);
  if (!is_followed(target->getType())) return;
  const bool plain = assignment->getOpcode() == clang::BO_Assign;
  add_assignment(path_of(target),
                 {plain ? path_of(assignment->getRHS()) : Path{}, unit_.names.type_name(target->getType())},
                 assignment->getExprLoc(), plain ? assignment->getRHS() : nullptr);
}

void FunctionLowering::lower_object_access(const clang::Expr* object, const clang::CXXMethodDecl* method,
                                           const clang::Expr* call) {
  const clang::CXXRecordDecl* record = class_of(object->getType());
  if (record == nullptr || is_synchronisation(record)) return;
  const uint16_t flags = op_flags::kOfSystemClass | (only_looks(method) ? 0 : op_flags::kWrite);
  if (object->getType()->isPointerType()) {
    lower_access_behind(object, flags, call, name_of(method, object));
  } else {
    lower_access(object, flags, call, name_of(method, object));
  }
}

void FunctionLowering::lower_arguments_access(const clang::FunctionDecl* callee,
                                              llvm::ArrayRef<const clang::Expr*> arguments,
                                              const clang::Expr* call, bool kept) {
  // The models know what the functions that are told do; of C's, that may be to fill a buffer or a number.
  if (passes_on(callee) || (kept && !callee->isExternC())) return;
  if (is_in_std(callee) && simple_name(callee) == "get") return;  // only looks for a member
  const Symbol by = unit_.names.plain_name(callee);
  for (unsigned i = 0; i < arguments.size() && i < callee->getNumParams(); ++i)
    lower_argument_access(arguments[i], callee->getParamDecl(i)->getType(), by, call, kept);
}

// What a function that is not followed may do with memory whose address it gets.
void FunctionLowering::lower_argument_access(const clang::Expr* argument, clang::QualType parameter,
                                             Symbol by, const clang::Expr* call, bool kept) {
  if (!parameter->isReferenceType() && !parameter->isPointerType()) return;
  const clang::QualType pointee = parameter->getPointeeType();
  if (pointee->isFunctionType() || parameter->isRValueReferenceType()) return;
  const uint16_t write = pointee.isConstQualified() ? 0 : op_flags::kWrite;
  const clang::Expr* bare = strip(argument);
  const clang::CXXRecordDecl* record = class_of(bare->getType());
  if (parameter->isReferenceType()) {
    if (is_callable(bare->getType()) ||
        (record != nullptr && (is_synchronisation(record) || is_iterator(record))))
      return;
    const bool of_system = record != nullptr && unit_.names.is_in_system_header(record->getLocation());
    lower_access(bare, (of_system ? op_flags::kOfSystemClass : op_flags::kAddress) | write, call, by);
    return;
  }
  const llvm::StringRef type = unit_.unit.text(unit_.names.type_name(bare->getType()));
  const clang::QualType object =
      bare->getType()->isPointerType() ? bare->getType()->getPointeeType() : bare->getType();
  if (is_operated_on_by_c(type) || (kept && object->isRecordType())) return;
  const auto* address = dyn_cast<clang::UnaryOperator>(bare);
  if (address != nullptr && address->getOpcode() == clang::UO_AddrOf) {
    lower_access(address->getSubExpr(), op_flags::kAddress | write, call, by);
  } else if (bare->getType()->isArrayType()) {
    if (isa<clang::StringLiteral, clang::PredefinedExpr>(bare)) return;
    lower_access(bare, op_flags::kAddress | write, call, by);
  } else if (bare->getType()->isPointerType()) {
    lower_access_behind(bare, op_flags::kAddress | write, call, by);
  }
}

// std::atomic's members and functions, and the __sync builtins; false when the call is none of them, or
// waits.
bool FunctionLowering::lower_atomic(const clang::CallExpr* call, const clang::FunctionDecl* callee) {
  const llvm::StringRef name = simple_name(callee);
  if (is_one_of(name, {"wait", "notify_one", "notify_all"})) return false;
  const clang::Expr* object = object_of(call);
  const bool conversion = isa<clang::CXXConversionDecl>(callee);
  const bool reads = conversion || name.contains("load") || name == "test" || name.contains("is_lock_free");
  const uint16_t flags = op_flags::kAtomic | (reads ? 0 : op_flags::kWrite);
  if (object != nullptr) {
    if (!is_atomic(object->getType()->isPointerType() ? object->getType()->getPointeeType()
                                                      : object->getType()))
      return false;
    lower_access(object, flags, call, name_of(callee, object));
    return true;
  }
  const bool builtin = name.starts_with("__sync_") || name.starts_with("__atomic_");
  const bool standard = is_in_std(callee) &&
                        (name.starts_with("atomic_") && !name.contains("wait") && !name.contains("notify"));
  if (!builtin && !standard) return false;
  if (call->getNumArgs() == 0 || !call->getArg(0)->getType()->isPointerType()) return true;
  const clang::Expr* pointer = strip(call->getArg(0));
  const auto* address = dyn_cast<clang::UnaryOperator>(pointer);
  if (address != nullptr && address->getOpcode() == clang::UO_AddrOf) {
    lower_access(address->getSubExpr(), flags, call);
  } else {
    lower_access_behind(pointer, flags, call);
  }
  return true;
}

void FunctionLowering::lower_atomic(const clang::AtomicExpr* operation) {
  const clang::Expr* pointer = strip(operation->getPtr());
  const bool reads = operation->getOp() == clang::AtomicExpr::AO__atomic_load ||
                     operation->getOp() == clang::AtomicExpr::AO__atomic_load_n ||
                     operation->getOp() == clang::AtomicExpr::AO__c11_atomic_load;
  const uint16_t flags = op_flags::kAtomic | (reads ? 0 : op_flags::kWrite);
  const auto* address = dyn_cast<clang::UnaryOperator>(pointer);
  if (address != nullptr && address->getOpcode() == clang::UO_AddrOf) {
    lower_access(address->getSubExpr(), flags, operation);
  } else {
    lower_access_behind(pointer, flags, operation);
  }
}

}  // namespace gordian::check
