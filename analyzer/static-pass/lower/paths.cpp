// What the value of an expression is called.
#include "analyzer/static-pass/lower/call_names.h"
#include "analyzer/static-pass/lower/function.h"
#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {

using llvm::dyn_cast;
using llvm::isa;

namespace {

Path constant(int64_t value) {
  return {.root = Root::kConstant, .number = static_cast<uint32_t>(value)};
}

// The hidden variable that walks over an array in `for (x : array)`.
bool is_range_position(const clang::Expr* pointer) {
  const auto* reference = dyn_cast<clang::DeclRefExpr>(strip(pointer));
  return reference != nullptr && reference->getDecl()->isImplicit() &&
         simple_name(reference->getDecl()).starts_with("__begin");
}

}  // namespace

Path FunctionLowering::path_of(const clang::Expr* expression) {
  const clang::Expr* bare = strip(expression);
  if (const std::optional<int64_t> value = constant_of(bare)) return constant(*value);
  if (const auto* reference = dyn_cast<clang::DeclRefExpr>(bare)) return path_of_variable(reference);
  if (const auto* member = dyn_cast<clang::MemberExpr>(bare)) return path_of_member(member);
  if (isa<clang::CXXThisExpr>(bare)) return path_of_this();
  if (const auto* call = dyn_cast<clang::CallExpr>(bare)) return path_of_call(call);
  if (const auto* construction = dyn_cast<clang::CXXConstructExpr>(bare))
    return path_of_construction(construction);
  if (const auto* unary = dyn_cast<clang::UnaryOperator>(bare)) return path_of_operator(unary);
  if (const auto* binary = dyn_cast<clang::BinaryOperator>(bare)) return path_of_operator(binary);
  if (const auto* subscript = dyn_cast<clang::ArraySubscriptExpr>(bare))
    return path_of_subscript(subscript->getBase(), subscript->getIdx());
  if (isa<clang::CXXNewExpr>(bare)) return {.root = Root::kFresh, .number = result_of(bare)};
  if (const auto* lambda = dyn_cast<clang::LambdaExpr>(bare)) {
    const auto index = lambdas_.find(lambda);
    return index == lambdas_.end() ? Path{} : Path{.root = Root::kLambda, .number = index->second};
  }
  if (isa<clang::AbstractConditionalOperator>(bare)) {
    const auto choice = choices_.find(bare);
    return choice == choices_.end() ? Path{} : Path{.root = Root::kLocal, .number = choice->second};
  }
  if (const auto* list = dyn_cast<clang::InitListExpr>(bare)) {
    const bool is_one =
        list->getNumInits() == 1 && (list->isTransparent() || !list->getType()->isAggregateType());
    return is_one ? path_of(list->getInit(0)) : made_by(list);
  }
  if (const auto* literal = dyn_cast<clang::CompoundLiteralExpr>(bare))
    return path_of(literal->getInitializer());
  if (const auto* block = dyn_cast<clang::StmtExpr>(bare)) {
    const auto* body = block->getSubStmt();
    const auto* last = body->body_empty() ? nullptr : dyn_cast<clang::Expr>(body->body_back());
    return last == nullptr ? Path{} : path_of(last);
  }
  if (const auto* suspended = dyn_cast<clang::CoroutineSuspendExpr>(bare))
    return path_of(suspended->getResumeExpr());
  if (const auto* argument = dyn_cast<clang::CXXDefaultArgExpr>(bare)) {
    // Its calls are not in the graph: only what needs none is followed.
    const clang::Expr* value = strip(argument->getExpr());
    return isa<clang::DeclRefExpr>(value) ? path_of(value) : Path{};
  }
  return {};
}

std::optional<int64_t> FunctionLowering::constant_of(const clang::Expr* expression) {
  if (isa<clang::CXXNullPtrLiteralExpr, clang::GNUNullExpr, clang::ImplicitValueInitExpr,
          clang::CXXScalarValueInitExpr>(expression))
    return 0;
  if (const auto* boolean = dyn_cast<clang::CXXBoolLiteralExpr>(expression))
    return boolean->getValue() ? 1 : 0;
  if (const auto* character = dyn_cast<clang::CharacterLiteral>(expression)) return character->getValue();
  if (const auto* number = dyn_cast<clang::IntegerLiteral>(expression))
    return static_cast<int64_t>(number->getValue().getLimitedValue());
  if (const auto* reference = dyn_cast<clang::DeclRefExpr>(expression)) {
    if (const auto* enumerator = dyn_cast<clang::EnumConstantDecl>(reference->getDecl()))
      return enumerator->getInitVal().getExtValue();
    const auto* variable = dyn_cast<clang::VarDecl>(reference->getDecl());
    if (variable == nullptr || !variable->getType()->isIntegralOrEnumerationType() ||
        !variable->isUsableInConstantExpressions(unit_.context))
      return std::nullopt;
    const clang::VarDecl* definition = nullptr;
    const clang::Expr* init = variable->getAnyInitializer(definition);
    if (init == nullptr || init->isValueDependent()) return std::nullopt;
    const clang::APValue* value = definition->evaluateValue();
    if (value != nullptr && value->isInt()) return value->getInt().getExtValue();
    return std::nullopt;
  }
  const bool is_arithmetic = isa<clang::UnaryExprOrTypeTraitExpr, clang::TypeTraitExpr>(expression) ||
                             (isa<clang::BinaryOperator>(expression) &&
                              !llvm::cast<clang::BinaryOperator>(expression)->isAssignmentOp() &&
                              !llvm::cast<clang::BinaryOperator>(expression)->isCommaOp()) ||
                             (isa<clang::UnaryOperator>(expression) &&
                              llvm::cast<clang::UnaryOperator>(expression)->isArithmeticOp());
  if (!is_arithmetic || !expression->isPRValue() || !expression->getType()->isIntegralOrEnumerationType())
    return std::nullopt;
  clang::Expr::EvalResult value;
  if (!expression->EvaluateAsInt(value, unit_.context)) return std::nullopt;
  return value.Val.getInt().getExtValue();
}

Path FunctionLowering::path_of_variable(const clang::DeclRefExpr* reference) {
  const clang::ValueDecl* declaration = reference->getDecl();
  if (const auto* function = dyn_cast<clang::FunctionDecl>(declaration))
    return {.root = Root::kFunction, .name = unit_.registry.function(function)};
  if (const auto* part = dyn_cast<clang::BindingDecl>(declaration)) {
    if (reference->refersToEnclosingVariableOrCapture()) return path_of_captured(part);
    if (const clang::VarDecl* holder = part->getHoldingVar();
        holder != nullptr && holder->getInit() != nullptr)
      return path_of(holder->getInit());
    return part->getBinding() == nullptr ? Path{} : path_of(part->getBinding());
  }
  const auto* variable = dyn_cast<clang::VarDecl>(declaration);
  if (variable == nullptr) return {};
  if (!variable->isLocalVarDeclOrParm() || variable->isStaticLocal() || variable->hasExternalStorage())
    return {.root = Root::kGlobal, .name = unit_.registry.global(variable)};
  if (reference->refersToEnclosingVariableOrCapture()) return path_of_captured(variable);
  return local(variable);
}

Path FunctionLowering::path_of_captured(const clang::ValueDecl* variable) {
  const auto capture = captures_.find(variable);
  return capture == captures_.end() ? Path{} : Path{.root = Root::kCapture, .number = capture->second};
}

Path FunctionLowering::local(const clang::VarDecl* variable) {
  if (const auto* parameter = dyn_cast<clang::ParmVarDecl>(variable))
    return {.root = Root::kParameter, .number = parameter->getFunctionScopeIndex()};
  const auto [place, added] = locals_.try_emplace(variable, out_.locals.size());
  if (added) {
    Variable described = unit_.registry.describe(variable);
    described.name = unit_.unit.symbol(variable->getName());
    out_.locals.push_back(described);
  }
  return {.root = Root::kLocal, .number = place->second};
}

Path FunctionLowering::path_of_this() {
  if (closure_ == nullptr) return {.root = Root::kThis};
  return this_capture_ ? Path{.root = Root::kCapture, .number = *this_capture_} : Path{};
}

Path FunctionLowering::path_of_member(const clang::MemberExpr* member) {
  const clang::ValueDecl* declaration = member->getMemberDecl();
  if (const auto* variable = dyn_cast<clang::VarDecl>(declaration))
    return {.root = Root::kGlobal, .name = unit_.registry.global(variable)};
  if (const auto* function = dyn_cast<clang::CXXMethodDecl>(declaration))
    return {.root = Root::kFunction, .name = unit_.names.key_of(function)};
  if (const auto* enumerator = dyn_cast<clang::EnumConstantDecl>(declaration))
    return constant(enumerator->getInitVal().getExtValue());
  const auto* field = dyn_cast<clang::FieldDecl>(declaration);
  return field == nullptr ? Path{} : member_of(path_of(member->getBase()), field);
}

Path FunctionLowering::member_of(Path object, const clang::FieldDecl* field) {
  // A struct or union without a name is not there for whoever writes its members.
  if (object.root == Root::kUnknown || field->isAnonymousStructOrUnion()) return object;
  object.elements.push_back({Element::Kind::kField, unit_.registry.field(field)});
  return object;
}

Path FunctionLowering::behind(Path pointer, clang::QualType pointee) {
  if (pointer.root != Root::kUnknown && is_scalar(pointee))
    pointer.elements.push_back({Element::Kind::kIndex, {}});
  return pointer;
}

Path FunctionLowering::element_of(Path container, const clang::Expr* index) {
  if (container.root == Root::kUnknown) return container;
  container.elements.push_back({Element::Kind::kIndex, index == nullptr ? Symbol{} : index_name(index)});
  return container;
}

Symbol FunctionLowering::index_name(const clang::Expr* index) {
  const clang::Expr* bare = strip(index);
  if (const std::optional<int64_t> value = constant_of(bare))
    return unit_.unit.symbol(std::to_string(*value));
  const auto* reference = dyn_cast<clang::DeclRefExpr>(bare);
  const auto* variable = reference == nullptr ? nullptr : dyn_cast<clang::VarDecl>(reference->getDecl());
  if (variable == nullptr || !variable->hasLocalStorage() || survey_.changing.contains(variable)) return {};
  return unit_.unit.symbol(variable->getName());
}

Path FunctionLowering::path_of_subscript(const clang::Expr* base, const clang::Expr* index) {
  const bool of_pointer = !strip(base)->getType()->isArrayType();
  Path path = path_of(base);
  const std::optional<int64_t> value = constant_of(strip(index));
  if (of_pointer && value == 0 && base->getType()->isPointerType())
    return behind(std::move(path), base->getType()->getPointeeType());
  return element_of(std::move(path), index);
}

Path FunctionLowering::path_of_operator(const clang::UnaryOperator* unary) {
  const clang::Expr* operand = unary->getSubExpr();
  switch (unary->getOpcode()) {
    case clang::UO_Deref:
      if (is_range_position(operand)) return element_of(path_of(operand), nullptr);
      return behind(path_of(operand), unary->getType());
    case clang::UO_AddrOf:
      if (const auto* inner = dyn_cast<clang::UnaryOperator>(strip(operand));
          inner != nullptr && inner->getOpcode() == clang::UO_Deref)
        return path_of(inner->getSubExpr());
      return path_of(operand);
    case clang::UO_PreInc:
    case clang::UO_PreDec:
    case clang::UO_PostInc:
    case clang::UO_PostDec:
      return operand->getType()->isPointerType() || unary->isLValue() ? path_of(operand) : Path{};
    case clang::UO_Plus:
    case clang::UO_Extension:
    case clang::UO_Coawait:
      return path_of(operand);
    default:
      return {};
  }
}

Path FunctionLowering::path_of_operator(const clang::BinaryOperator* binary) {
  const clang::Expr* left = binary->getLHS();
  const clang::Expr* right = binary->getRHS();
  if (binary->isCommaOp()) return path_of(right);
  if (binary->getOpcode() == clang::BO_Assign) {
    // `(r = f()) != 0` tests what f returned.
    Path value = binary->isPRValue() || isa<clang::CallExpr>(strip(right)) ? path_of(right) : Path{};
    return value.root == Root::kResult && value.elements.empty() ? value : path_of(left);
  }
  if (binary->isCompoundAssignmentOp()) return path_of(left);
  if (binary->isAdditiveOp() && binary->getType()->isPointerType()) {
    const bool left_points = left->getType()->isPointerType();
    const clang::Expr* pointer = left_points ? left : right;
    return path_of_subscript(pointer, left_points ? right : left);
  }
  return {};
}

Path FunctionLowering::path_of_construction(const clang::CXXConstructExpr* construction) {
  const clang::Expr* maker = maker_of(construction);
  if (maker != construction && !isa<clang::CXXConstructExpr>(maker)) return path_of(maker);
  const auto* made = llvm::cast<clang::CXXConstructExpr>(maker);
  if (survey_.elided.contains(made) && made->getNumArgs() > 0) return path_of(made->getArg(0));
  if (is_followed(made->getType())) {
    const bool has_value =
        made->getNumArgs() > 0 && !isa<clang::CXXDefaultArgExpr>(made->getArg(0)) &&
        simple_name(class_of(made->getArg(0)->getType()) == nullptr
                        ? made->getConstructor()
                        : static_cast<const clang::NamedDecl*>(class_of(made->getArg(0)->getType()))) !=
            "nullopt_t";
    return has_value ? path_of(made->getArg(0)) : constant(0);
  }
  return made_by(made);
}

Path FunctionLowering::made_by(const clang::Expr* maker) {
  const auto known = survey_.destinations.find(maker);
  if (known != survey_.destinations.end()) {
    const Destination& destination = known->second;
    if (destination.variable != nullptr) {
      if (destination.variable->hasLocalStorage()) return local(destination.variable);
      return {.root = Root::kGlobal, .name = unit_.registry.global(destination.variable)};
    }
    if (destination.allocation != nullptr) return path_of(destination.allocation);
    const clang::CXXCtorInitializer* initializer = destination.initializer;
    Path object{.root = Root::kThis};
    return initializer->isAnyMemberInitializer() ? member_of(object, initializer->getAnyMember()) : object;
  }
  // Nobody asks for the strings and vectors that come and go.
  const clang::CXXRecordDecl* record = maker->getType()->getAsCXXRecordDecl();
  if (record != nullptr && unit_.names.is_in_system_header(record->getLocation()) &&
      !is_synchronisation(record))
    return {};
  const auto [place, added] = temporaries_.try_emplace(maker, out_.locals.size());
  if (added) {
    Variable temporary;
    temporary.type = unit_.names.type_name(maker->getType());
    temporary.place = unit_.names.place_of(maker->getExprLoc());
    out_.locals.push_back(temporary);
  }
  return {.root = Root::kLocal, .number = place->second};
}

uint32_t FunctionLowering::result_of(const clang::Expr* call) {
  const auto [place, added] = results_.try_emplace(call);
  if (added) place->second = ++last_result_;
  return place->second;
}

}  // namespace gordian::check
