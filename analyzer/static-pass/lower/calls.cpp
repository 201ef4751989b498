// Calls: of functions, constructors and destructors, written or not.
#include "analyzer/static-pass/lower/call_names.h"
#include "analyzer/static-pass/lower/function.h"
#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {

using llvm::dyn_cast;
using llvm::isa;

namespace {

bool is_virtual_call(const clang::CallExpr* call, const clang::CXXMethodDecl* method) {
  if (!method->isVirtual() || method->hasAttr<clang::FinalAttr>() ||
      method->getParent()->isEffectivelyFinal())
    return false;
  const auto* member = dyn_cast<clang::MemberExpr>(call->getCallee()->IgnoreParens());
  return member == nullptr || !member->hasQualifier();
}

// Copies and moves that nobody wrote.
bool is_default_copy(const clang::FunctionDecl* callee) {
  const auto* constructor = dyn_cast<clang::CXXConstructorDecl>(callee);
  const auto* method = dyn_cast<clang::CXXMethodDecl>(callee);
  const bool copies = constructor != nullptr ? constructor->isCopyOrMoveConstructor()
                                             : method != nullptr && (method->isCopyAssignmentOperator() ||
                                                                     method->isMoveAssignmentOperator());
  return copies && callee->isDefaulted();
}

bool is_callable_value(const clang::Expr* argument) {
  if (is_callable(argument->getType()) || is_callable(strip(argument)->getType())) return true;
  const auto* call = dyn_cast<clang::CallExpr>(strip(argument));
  const clang::FunctionDecl* callee = call == nullptr ? nullptr : call->getDirectCallee();
  return callee != nullptr && call->getNumArgs() == 1 && passes_on(callee) &&
         is_callable_value(call->getArg(0));
}

llvm::ArrayRef<const clang::Expr*> arguments_of(const clang::CallExpr* call, bool skip_object) {
  const llvm::ArrayRef<const clang::Expr*> all(call->getArgs(), call->getNumArgs());
  return skip_object ? all.drop_front() : all;
}

}  // namespace

bool FunctionLowering::is_of_system(const clang::FunctionDecl* callee) const {
  return unit_.names.is_in_system_header(callee->getLocation());
}

// A member of one of a library's own bases ("std::__basic_future::wait") is called by the class that people
// know.
Symbol FunctionLowering::name_of(const clang::FunctionDecl* callee, const clang::Expr* object) {
  const auto* method = dyn_cast<clang::CXXMethodDecl>(callee);
  const clang::CXXRecordDecl* record = object == nullptr ? nullptr : class_of(object->getType());
  if (method == nullptr || record == nullptr || !simple_name(method->getParent()).starts_with("_") ||
      !is_in_std(method->getParent()))
    return unit_.names.plain_name(callee);
  return unit_.unit.symbol(unit_.unit.text(unit_.names.plain_name(record)) +
                           "::" + method->getNameAsString());
}

Value FunctionLowering::value_of(const clang::Expr* expression) {
  // A lambda or object that was converted for the call is told as what it is.
  const clang::Expr* bare = strip(expression);
  const clang::QualType type = is_callable(bare->getType()) ? bare->getType() : expression->getType();
  return {path_of(expression), unit_.names.type_name(type)};
}

void FunctionLowering::add(Op op) {
  ops_->push_back(std::move(op));
}

Op FunctionLowering::call_of(const clang::FunctionDecl* callee, clang::SourceLocation location) {
  Op op;
  op.kind = OpKind::kCall;
  op.place = unit_.names.place_of(location);
  op.callee = unit_.names.key_of(callee);
  op.name = unit_.names.plain_name(callee);
  if (is_default_copy(callee)) op.flags |= op_flags::kDefault;
  return op;
}

void FunctionLowering::add_arguments(Op& op, llvm::ArrayRef<const clang::Expr*> arguments) {
  for (const clang::Expr* argument : arguments) op.arguments.push_back(value_of(argument));
}

bool FunctionLowering::keeps(const clang::FunctionDecl* callee, const clang::Expr* object,
                             llvm::ArrayRef<const clang::Expr*> arguments) {
  const auto* method = dyn_cast<clang::CXXMethodDecl>(callee);
  if (!is_of_system(callee))
    return !callee->isTrivial() &&
           (method == nullptr || !method->getParent()->isLambda() || !isa<clang::CXXConstructorDecl>(method));
  if (method != nullptr) {
    const clang::CXXRecordDecl* record = object == nullptr ? nullptr : class_of(object->getType());
    if (record == nullptr) record = method->getParent();
    if (is_synchronisation(record) || is_synchronisation(method->getParent()) ||
        does_file_io(record, simple_name(method)))
      return true;
  } else if (keeps_function(callee)) {
    return true;
  }
  if (callee->getOverloadedOperator() == clang::OO_LessLess) return false;  // std::endl and its like
  return std::any_of(arguments.begin(), arguments.end(), is_callable_value);
}

void FunctionLowering::lower_indirect_call(const clang::CallExpr* call) {
  const clang::Expr* callee = strip(call->getCallee());
  if (isa<clang::CXXPseudoDestructorExpr>(callee)) return;
  Op op;
  op.kind = OpKind::kCall;
  op.place = unit_.names.place_of(call->getExprLoc());
  op.result = result_of(call);
  if (const auto* bound = dyn_cast<clang::BinaryOperator>(callee); bound != nullptr && bound->isPtrMemOp()) {
    op.object = value_of(bound->getLHS());
    callee = bound->getRHS();
  }
  // A pointer to a function and the function are one path.
  const auto* behind_pointer = dyn_cast<clang::UnaryOperator>(callee);
  op.target = path_of(behind_pointer != nullptr && behind_pointer->getOpcode() == clang::UO_Deref
                          ? behind_pointer->getSubExpr()
                          : callee);
  add_arguments(op, arguments_of(call, false));
  add(std::move(op));
}

namespace {

bool is_thread(const clang::CXXRecordDecl* record) {
  return record != nullptr && is_in_std(record) && is_one_of(simple_name(record), {"thread", "jthread"});
}

// The call by which the variable's thread is joined, anywhere within.
const clang::CXXMemberCallExpr* find_join(const clang::Stmt* within, const clang::VarDecl* variable) {
  if (within == nullptr) return nullptr;
  if (const auto* call = dyn_cast<clang::CXXMemberCallExpr>(within)) {
    const auto* object = dyn_cast<clang::DeclRefExpr>(strip(call->getImplicitObjectArgument()));
    const clang::CXXMethodDecl* method = call->getMethodDecl();
    if (object != nullptr && object->getDecl() == variable && method != nullptr &&
        simple_name(method) == "join" && is_thread(class_of(variable->getType().getNonReferenceType())))
      return call;
  }
  for (const clang::Stmt* child : within->children())
    if (const clang::CXXMemberCallExpr* found = find_join(child, variable)) return found;
  return nullptr;
}

}  // namespace

// `for (std::thread& worker : workers) worker.join();` joins all that there are, none included: when the loop
// is over, and as far as can be told here from its beginning.
void FunctionLowering::lower_joins(const clang::CXXForRangeStmt* loop) {
  const clang::CXXMemberCallExpr* join = find_join(loop->getBody(), loop->getLoopVariable());
  if (join == nullptr) return;
  Op op = call_of(join->getMethodDecl(), join->getExprLoc());
  op.object = {path_of(loop->getRangeInit()), unit_.names.plain_name(join->getMethodDecl()->getParent())};
  add(std::move(op));
}

// workers.emplace_back(function, arguments...) constructs a thread, which starts. It is known by its
// container.
bool FunctionLowering::lower_thread_in_container(const clang::CallExpr* call,
                                                 const clang::CXXMethodDecl* method,
                                                 const clang::Expr* object,
                                                 llvm::ArrayRef<const clang::Expr*> arguments) {
  const clang::CXXRecordDecl* container = class_of(object->getType());
  if (container == nullptr || !is_of_system(method) ||
      !is_one_of(simple_name(method), {"emplace_back", "emplace_front"}))
    return false;
  const clang::CXXRecordDecl* held = class_of(first_type_argument(container));
  if (!is_thread(held) || held->ctor_begin() == held->ctor_end()) return false;
  Op op = call_of(*held->ctor_begin(), call->getExprLoc());  // of whichever, the name is the same
  op.result = result_of(call);
  op.object = {path_of(object), unit_.names.plain_name(held)};
  add_arguments(op, arguments);
  add(std::move(op));
  lower_object_access(object, method, call);
  return true;
}

void FunctionLowering::lower_call(const clang::CallExpr* call) {
  const clang::FunctionDecl* callee = call->getDirectCallee();
  if (callee == nullptr) return lower_indirect_call(call);
  const clang::Expr* object = object_of(call);
  const auto* method = dyn_cast<clang::CXXMethodDecl>(callee);
  const auto arguments = arguments_of(call, object != nullptr && isa<clang::CXXOperatorCallExpr>(call));
  if (lower_atomic(call, callee) || lower_trivial_assignment(call, callee)) return;
  if (object != nullptr && lower_followed_object(call, method, object)) return;
  const bool of_system = is_of_system(callee);
  if (of_system && passes_on(callee)) return;

  if (object != nullptr && lower_thread_in_container(call, method, object, arguments)) return;

  const bool kept = keeps(callee, object, arguments);
  if (kept) {
    Op op = call_of(callee, call->getExprLoc());
    op.result = result_of(call);
    op.name = name_of(callee, object);
    if (object != nullptr) op.object = value_of(object);
    if (method != nullptr && is_virtual_call(call, method)) op.flags |= op_flags::kVirtual;
    if (isa<clang::CXXConversionDecl>(callee)) op.flags |= op_flags::kImplicit;
    if (allocates(callee)) op.object = {path_of(call), unit_.names.type_name(call->getType())};
    add_arguments(op, arguments);
    add(std::move(op));
    if (allocates(callee) && is_in_std(callee))
      lower_made(class_of(held_by(call->getType()->getAsCXXRecordDecl())), value_of(call), arguments,
                 call->getExprLoc());
  }
  if (!of_system) return;
  if (object != nullptr) lower_object_access(object, method, call);
  lower_arguments_access(callee, arguments, call, kept);
}

// make_unique<T>(arguments) and its like construct a T: of a class of the project, with the only constructor
// that takes as many.
void FunctionLowering::lower_made(const clang::CXXRecordDecl* record, Value object,
                                  llvm::ArrayRef<const clang::Expr*> arguments,
                                  clang::SourceLocation location) {
  if (record == nullptr || !record->hasDefinition()) return;
  const bool of_system = unit_.names.is_in_system_header(record->getLocation());
  if (of_system && !is_synchronisation(record)) return;
  const clang::CXXConstructorDecl* fitting = nullptr;
  for (const clang::CXXConstructorDecl* constructor : record->ctors()) {
    if (constructor->isDeleted() || constructor->isTrivial() || constructor->isCopyOrMoveConstructor() ||
        arguments.size() < constructor->getMinRequiredArguments() ||
        arguments.size() > constructor->getNumParams())
      continue;
    if (fitting != nullptr && !of_system) return;  // of a library's, all have one name
    fitting = constructor;
  }
  if (fitting == nullptr) return;
  Op op = call_of(fitting, location);
  op.flags |= op_flags::kImplicit;
  op.result = ++last_result_;
  op.object = std::move(object);
  add_arguments(op, arguments);
  add(std::move(op));
}

// Smart pointers, iterators and wrapped functions stand for what they hold: assignments to them are told as
// such, and calls through them as calls of a value.
bool FunctionLowering::lower_followed_object(const clang::CallExpr* call, const clang::CXXMethodDecl* method,
                                             const clang::Expr* object) {
  const clang::CXXRecordDecl* record = class_of(object->getType());
  if (record == nullptr || !is_of_system(method)) return false;
  if (is_callable_wrapper(record) && method->getOverloadedOperator() == clang::OO_Call) {
    Op op;
    op.kind = OpKind::kCall;
    op.place = unit_.names.place_of(call->getExprLoc());
    op.result = result_of(call);
    op.target = path_of(object);
    add_arguments(op, arguments_of(call, true));
    add(std::move(op));
    return true;
  }
  const bool followed = is_smart_pointer(record) || is_iterator(record) || is_callable_wrapper(record);
  if (!followed || is_synchronisation(record)) return false;
  const bool assigns = method->getOverloadedOperator() == clang::OO_Equal;
  const bool emplaces = simple_name(method) == "emplace";
  const bool resets = simple_name(method) == "reset" || emplaces;
  if (simple_name(record) == "optional" && resets) {
    // It holds the object itself, which ends and begins here.
    const Path held = path_of(object);
    if (!emplaces) lower_destruction(held_by(record), held, call->getExprLoc());
    if (emplaces)
      lower_made(class_of(held_by(record)), value_of(object), arguments_of(call, false), call->getExprLoc());
    lower_object_access(object, method, call);
    return true;
  }
  if (assigns || resets) {
    const auto arguments = arguments_of(call, assigns);
    Path value{.root = Root::kConstant};
    if (!arguments.empty()) value = path_of(arguments[0]);
    assign(path_of(object), value, object->getType(), call->getExprLoc());
  }
  if (!is_iterator(record)) lower_object_access(object, method, call);
  return true;
}

// `a = b` of a class without an operator of its own copies memory.
bool FunctionLowering::lower_trivial_assignment(const clang::CallExpr* call,
                                                const clang::FunctionDecl* callee) {
  const auto* method = dyn_cast<clang::CXXMethodDecl>(callee);
  if (method == nullptr || !method->isTrivial() || call->getNumArgs() != 2 ||
      !(method->isCopyAssignmentOperator() || method->isMoveAssignmentOperator()))
    return false;
  lower_access(call->getArg(1), 0, call);
  lower_access(call->getArg(0), op_flags::kWrite, call);
  if (is_followed(call->getArg(0)->getType()))
    assign(path_of(call->getArg(0)), path_of(call->getArg(1)), call->getArg(0)->getType(),
           call->getExprLoc());
  return true;
}

void FunctionLowering::lower_construction(const clang::CXXConstructExpr* construction) {
  if (maker_of(construction) != construction || survey_.elided.contains(construction) ||
      is_followed(construction->getType()))
    return;
  const clang::CXXConstructorDecl* constructor = construction->getConstructor();
  const llvm::ArrayRef<const clang::Expr*> arguments(construction->getArgs(), construction->getNumArgs());
  if (constructor->isTrivial()) {
    if (!arguments.empty() && arguments[0]->isGLValue()) lower_access(arguments[0], 0, construction);
    return;
  }
  const bool kept = keeps(constructor, nullptr, arguments);
  if (kept) {
    Op op = call_of(constructor, construction->getExprLoc());
    op.result = result_of(construction);
    op.object = {made_by(construction), unit_.names.type_name(construction->getType())};
    add_arguments(op, arguments);
    const auto destination = survey_.destinations.find(construction);
    if (destination != survey_.destinations.end()) {
      const clang::CXXCtorInitializer* initializer = destination->second.initializer;
      if (destination->second.in_parentheses) op.flags |= op_flags::kDeclaredInParentheses;
      if (initializer != nullptr && !initializer->isDelegatingInitializer())
        op.flags |= op_flags::kConstructsField;
      if (initializer != nullptr && !initializer->isWritten()) op.flags |= op_flags::kImplicit;
    }
    if (survey_.discarded.contains(construction)) op.flags |= op_flags::kDiscardedTemporary;
    add(std::move(op));
  }
  if (is_of_system(constructor)) lower_arguments_access(constructor, arguments, construction, kept);
}

// A constructor that a class has by `using Base::Base`.
void FunctionLowering::lower_inherited(const clang::CXXInheritedCtorInitExpr* inherited) {
  Op op = call_of(inherited->getConstructor(), inherited->getExprLoc());
  op.flags |= op_flags::kImplicit | op_flags::kConstructsField;
  op.result = result_of(inherited);
  op.object = {{.root = Root::kThis}, unit_.names.type_name(inherited->getType())};
  for (uint32_t i = 0; i < out_.parameters.size(); ++i)
    op.arguments.push_back({{.root = Root::kParameter, .number = i}, out_.parameters[i].type});
  add(std::move(op));
}

void FunctionLowering::lower_allocation(const clang::CXXNewExpr* allocation) {
  Op op;
  op.kind = OpKind::kCall;
  op.place = unit_.names.place_of(allocation->getExprLoc());
  op.result = result_of(allocation);
  op.name = unit_.unit.symbol("operator new");
  op.object = {path_of(allocation), unit_.names.type_name(allocation->getAllocatedType())};
  add(std::move(op));
}

// What the end of an object of this type calls; it may be a smart pointer's. Through a pointer, the object
// may be of a derived class.
void FunctionLowering::lower_destruction(clang::QualType type, const Path& object,
                                         clang::SourceLocation location, bool through_pointer) {
  const clang::CXXRecordDecl* record = unit_.context.getBaseElementType(type)->getAsCXXRecordDecl();
  if (record == nullptr || !record->hasDefinition()) return;
  const clang::CXXDestructorDecl* destructor = record->getDestructor();
  if (destructor == nullptr || destructor->isTrivial()) return;
  Path path = object;
  if (type->isArrayType()) path.elements.push_back({Element::Kind::kIndex, {}});
  lower_destructor(destructor, std::move(path), location, through_pointer);
}

void FunctionLowering::lower_destructor(const clang::CXXDestructorDecl* destructor, Path object,
                                        clang::SourceLocation location, bool through_pointer) {
  const clang::CXXRecordDecl* record = destructor->getParent();
  if (is_one_of(simple_name(record), {"unique_ptr", "optional"}) && is_in_std(record)) {
    const clang::QualType held = held_by(record);
    if (!held.isNull()) lower_destruction(held, object, location, simple_name(record) == "unique_ptr");
    return;
  }
  if (is_of_system(destructor) ? !is_synchronisation(record) && !does_file_io(record, {})
                               : record->isLambda())
    return;
  Op op = call_of(destructor, location);
  op.flags |= op_flags::kImplicit;
  if (through_pointer && destructor->isVirtual() && !record->isEffectivelyFinal())
    op.flags |= op_flags::kVirtual;
  op.object = {std::move(object), unit_.names.plain_name(record)};
  op.result = ++last_result_;
  add(std::move(op));
}

}  // namespace gordian::check
