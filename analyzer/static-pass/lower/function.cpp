// A function as a whole: its variables, its graph, and what each statement turns into.
#include "analyzer/static-pass/lower/function.h"

#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {

using llvm::dyn_cast;
using llvm::isa;

namespace {

clang::CFG::BuildOptions graph_options() {
  clang::CFG::BuildOptions options;
  options.setAllAlwaysAdd();  // every expression, in the order of evaluation
  options.AddImplicitDtors = true;
  options.AddTemporaryDtors = true;
  options.AddInitializers = true;
  options.AddCXXNewAllocator = true;
  options.AddCXXDefaultInitExprInCtors = true;
  options.AddCXXDefaultInitExprInAggregates = true;
  return options;
}

clang::Stmt* body_of(const clang::FunctionDecl* function) {
  clang::Stmt* body = function->getBody();
  // Of a coroutine, what was written: the rest is the machinery around it.
  if (auto* coroutine = llvm::dyn_cast_or_null<clang::CoroutineBodyStmt>(body)) return coroutine->getBody();
  return body;
}

}  // namespace

FunctionLowering::FunctionLowering(const Lowering& unit, const clang::FunctionDecl* function, Function& out)
    : unit_(unit), function_(function), out_(out) {
  const auto* method = llvm::dyn_cast_or_null<clang::CXXMethodDecl>(function);
  if (method == nullptr || !method->getParent()->isLambda()) return;
  closure_ = method->getParent();
  uint32_t index = 0;
  for (const clang::LambdaCapture& capture : closure_->captures()) {
    if (capture.capturesThis()) this_capture_ = index;
    if (capture.capturesVariable()) captures_[capture.getCapturedVar()] = index;
    ++index;
  }
}

void FunctionLowering::begin(Survey survey) {
  survey_ = std::move(survey);
  const auto first = static_cast<uint32_t>(out_.lambdas.size());
  for (const clang::LambdaExpr* lambda : survey_.lambdas) {
    lambdas_[lambda] = static_cast<uint32_t>(out_.lambdas.size());
    const clang::CXXMethodDecl* body = lambda->getCallOperator();
    out_.lambdas.push_back({body == nullptr ? Symbol{} : unit_.names.key_of(body), {}});
  }
  for (const auto& [branch, choices] : survey_.branch_of) {
    for (const clang::Expr* choice : choices) {
      if (!chooses(choice) || !choices_.try_emplace(choice, out_.locals.size()).second) continue;
      Variable chosen;
      chosen.type = unit_.names.type_name(choice->getType());
      chosen.place = unit_.names.place_of(choice->getExprLoc());
      chosen.is_pointer = choice->isGLValue() || !choice->getType()->isArithmeticType();
      out_.locals.push_back(chosen);
    }
  }
  for (size_t i = 0; i < survey_.lambdas.size(); ++i) fill_captures(survey_.lambdas[i], first + i);
}

// Whether the two ways of `c ? a : b` are worth following: places and pointers are, and of numbers constants,
// which say what was found.
bool FunctionLowering::chooses(const clang::Expr* choice) {
  if (choice->isGLValue()) return true;
  if (!choice->getType()->isArithmeticType()) return is_followed(choice->getType());
  const auto* either = dyn_cast<clang::ConditionalOperator>(choice);
  return either != nullptr && constant_of(strip(either->getTrueExpr())) &&
         constant_of(strip(either->getFalseExpr()));
}

void FunctionLowering::fill_captures(const clang::LambdaExpr* lambda, size_t index) {
  std::vector<Lambda::Capture> captures;
  auto init = lambda->capture_init_begin();
  for (const clang::LambdaCapture& capture : lambda->captures()) {
    Lambda::Capture out;
    out.by_copy =
        capture.getCaptureKind() == clang::LCK_ByCopy || capture.getCaptureKind() == clang::LCK_StarThis;
    const clang::Expr* value = *init++;
    if (capture.capturesThis()) {
      out.path = path_of_this();
    } else if (value != nullptr) {
      // A copy is made by a constructor, and what is copied is what people know.
      const auto* copy = dyn_cast<clang::CXXConstructExpr>(strip(value));
      const bool copies =
          copy != nullptr && copy->getNumArgs() == 1 && copy->getConstructor()->isCopyOrMoveConstructor();
      out.path = path_of(copies ? copy->getArg(0) : value);
    }
    captures.push_back(std::move(out));
  }
  out_.lambdas[index].captures = std::move(captures);
}

void FunctionLowering::describe_parameters() {
  for (const clang::ParmVarDecl* parameter : function_->parameters()) {
    Variable described = unit_.registry.describe(parameter);
    described.name = unit_.unit.symbol(parameter->getName());
    described.is_by_value = !described.is_pointer;
    out_.parameters.push_back(described);
  }
}

void FunctionLowering::lower_body() {
  describe_parameters();
  clang::Stmt* body = body_of(function_);
  begin(survey(body, dyn_cast<clang::CXXConstructorDecl>(function_)));
  lower_graph(function_, body);
}

void FunctionLowering::lower_graph(const clang::Decl* declaration, clang::Stmt* body) {
  const std::unique_ptr<clang::CFG> graph =
      clang::CFG::buildCFG(declaration, body, &unit_.context, graph_options());
  const auto first = static_cast<uint32_t>(out_.blocks.size());
  if (graph == nullptr) {
    // What clang makes no graph of: entered and left, and nothing known of the way.
    out_.blocks.resize(first + 2);
    out_.blocks[first].edges.push_back({first + 1, {}});
    return;
  }
  const uint32_t count = graph->getNumBlockIDs();
  out_.blocks.resize(first + count);
  // Backwards in clang's numbers, which count from the exit.
  for (auto block = graph->rbegin(); block != graph->rend(); ++block) lower_block(**block, first, count);
}

void FunctionLowering::lower_block(const clang::CFGBlock& block, uint32_t first, uint32_t count) {
  std::vector<Op> ops;
  ops_ = &ops;
  leaves_ =
      block.succ_size() == 1 && block.succ_begin()->getReachableBlock() == &block.getParent()->getExit();
  for (const clang::CFGElement& element : block) lower_element(element);
  Block& out = out_.blocks[first + count - 1 - block.getBlockID()];
  if (const auto* loop = llvm::dyn_cast_or_null<clang::CXXForRangeStmt>(block.getTerminatorStmt()))
    lower_joins(loop);
  lower_edges(block, out, first, count);
  out.ops = std::move(ops);
  ops_ = nullptr;
}

void FunctionLowering::lower_element(const clang::CFGElement& element) {
  if (const auto statement = element.getAs<clang::CFGStmt>()) {
    lower_statement(statement->getStmt());
  } else if (const auto initializer = element.getAs<clang::CFGInitializer>()) {
    lower_initializer(initializer->getInitializer());
  } else if (const auto allocation = element.getAs<clang::CFGNewAllocator>()) {
    lower_allocation(allocation->getAllocatorExpr());
  } else if (const auto automatic = element.getAs<clang::CFGAutomaticObjDtor>()) {
    const clang::VarDecl* variable = automatic->getVarDecl();
    if (variable->isNRVOVariable()) return;  // it is the result, and lives on
    const clang::Stmt* trigger = automatic->getTriggerStmt();
    const clang::SourceLocation at =
        isa<clang::ReturnStmt>(trigger) ? trigger->getBeginLoc() : trigger->getEndLoc();
    lower_end_of(variable, at);
  } else if (const auto deleted = element.getAs<clang::CFGDeleteDtor>()) {
    const clang::CXXDeleteExpr* expression = deleted->getDeleteExpr();
    lower_destruction(expression->getDestroyedType(), path_of(expression->getArgument()),
                      expression->getExprLoc(), true);
  } else if (const auto base = element.getAs<clang::CFGBaseDtor>()) {
    lower_destruction(base->getBaseSpecifier()->getType(), {.root = Root::kThis}, function_->getEndLoc());
  } else if (const auto member = element.getAs<clang::CFGMemberDtor>()) {
    const clang::FieldDecl* field = member->getFieldDecl();
    lower_destruction(field->getType(), member_of({.root = Root::kThis}, field), function_->getEndLoc());
  } else if (const auto temporary = element.getAs<clang::CFGTemporaryDtor>()) {
    const clang::CXXBindTemporaryExpr* bound = temporary->getBindTemporaryExpr();
    const clang::CXXRecordDecl* record = bound->getType()->getAsCXXRecordDecl();
    const bool is_owner = record != nullptr && simple_name(record) == "unique_ptr" && is_in_std(record);
    if (is_owner && survey_.handed_over.contains(bound)) return;
    lower_destruction(bound->getType(), path_of(bound), bound->getExprLoc());
  } else if (const auto cleanup = element.getAs<clang::CFGCleanupFunction>()) {
    Op op = call_of(cleanup->getFunctionDecl(), cleanup->getVarDecl()->getLocation());
    op.flags |= op_flags::kImplicit;
    op.result = ++last_result_;
    op.arguments.push_back(
        {local(cleanup->getVarDecl()), unit_.names.type_name(cleanup->getVarDecl()->getType())});
    add(std::move(op));
  }
}

// A reference may keep a temporary alive, which ends with it.
void FunctionLowering::lower_end_of(const clang::VarDecl* variable, clang::SourceLocation at) {
  if (!variable->getType()->isReferenceType()) {
    lower_destruction(variable->getType(), local(variable), at);
  } else if (variable->getInit() != nullptr) {
    lower_destruction(strip(variable->getInit())->getType(), path_of(variable->getInit()), at);
  }
}

void FunctionLowering::lower_statement(const clang::Stmt* statement) {
  if (const auto* declarations = dyn_cast<clang::DeclStmt>(statement)) {
    for (const clang::Decl* declaration : declarations->decls())
      if (const auto* variable = dyn_cast<clang::VarDecl>(declaration)) lower_variable(variable);
  } else if (const auto* result = dyn_cast<clang::ReturnStmt>(statement)) {
    lower_return(result->getRetValue(), result->getReturnLoc());
  } else if (const auto* coroutine_result = dyn_cast<clang::CoreturnStmt>(statement)) {
    lower_return(coroutine_result->getOperand(), coroutine_result->getKeywordLoc());
  } else if (const auto* expression = dyn_cast<clang::Expr>(statement)) {
    lower_expression(expression);
    lower_branch(expression);
  }
}

void FunctionLowering::lower_return(const clang::Expr* value, clang::SourceLocation location) {
  Op op;
  op.kind = OpKind::kReturn;
  op.place = unit_.names.place_of(location);
  if (value != nullptr) {
    op.arguments.push_back(value_of(value));
    tell_test(op, value);
  }
  add(std::move(op));
}

void FunctionLowering::lower_expression(const clang::Expr* expression) {
  if (const auto* call = dyn_cast<clang::CallExpr>(expression)) {
    lower_call(call);
  } else if (const auto* construction = dyn_cast<clang::CXXConstructExpr>(expression)) {
    lower_construction(construction);
  } else if (const auto* inherited = dyn_cast<clang::CXXInheritedCtorInitExpr>(expression)) {
    lower_inherited(inherited);
  } else if (const auto* binary = dyn_cast<clang::BinaryOperator>(expression)) {
    if (binary->isAssignmentOp()) lower_store(binary);
  } else if (const auto* unary = dyn_cast<clang::UnaryOperator>(expression)) {
    if (!unary->isIncrementDecrementOp()) return;
    const clang::Expr* operand = unary->getSubExpr();
    lower_access(operand, op_flags::kWrite);
    assign(path_of(operand), {}, operand->getType(), unary->getExprLoc());
  } else if (const auto* cast = dyn_cast<clang::CastExpr>(expression)) {
    if (cast->getCastKind() == clang::CK_LValueToRValue) lower_access(cast->getSubExpr(), 0);
  } else if (const auto* list = dyn_cast<clang::InitListExpr>(expression)) {
    lower_list(list);
  } else if (const auto* atomic = dyn_cast<clang::AtomicExpr>(expression)) {
    lower_atomic(atomic);
  } else if (const auto* thrown = dyn_cast<clang::CXXThrowExpr>(expression)) {
    if (leaves_) {
      Op op;
      op.kind = OpKind::kReturn;
      op.flags = op_flags::kThrow;
      op.place = unit_.names.place_of(thrown->getThrowLoc());
      add(std::move(op));
    }
    const auto unwound = survey_.unwound.find(thrown);
    if (unwound == survey_.unwound.end()) return;
    for (const clang::VarDecl* variable : unwound->second) lower_end_of(variable, thrown->getThrowLoc());
  } else if (const auto* suspended = dyn_cast<clang::CoroutineSuspendExpr>(expression)) {
    Op op;
    op.kind = OpKind::kSuspend;
    op.place = unit_.names.place_of(suspended->getKeywordLoc());
    op.arguments.push_back(value_of(suspended->getOperand()));
    add(std::move(op));
  }
}

// The end of one way of `c ? a : b`.
void FunctionLowering::lower_branch(const clang::Expr* expression) {
  const auto branch = survey_.branch_of.find(expression);
  if (branch == survey_.branch_of.end()) return;
  for (const clang::Expr* choice : branch->second) {
    const auto chosen = choices_.find(choice);
    if (chosen == choices_.end()) continue;
    add_assignment({.root = Root::kLocal, .number = chosen->second}, value_of(expression),
                   expression->getExprLoc(), expression);
  }
}

void FunctionLowering::lower_variable(const clang::VarDecl* variable) {
  const clang::Expr* init = variable->getInit();
  if (init == nullptr || !variable->hasLocalStorage()) {
    if (variable->hasLocalStorage()) local(variable);
    return;
  }
  const Path target = local(variable);
  if (is_followed(variable->getType())) {
    add_assignment(target, value_of(init), variable->getLocation(), init);
    return;
  }
  // An object that a call returned, or that was made under another name.
  const Path value = path_of(init);
  if (value != target && (value.root == Root::kResult || value.root == Root::kLocal))
    add_assignment(target, value_of(init), variable->getLocation());
}

void FunctionLowering::lower_initializer(const clang::CXXCtorInitializer* initializer) {
  if (!initializer->isAnyMemberInitializer()) return;
  const clang::FieldDecl* field = initializer->getAnyMember();
  const Path target = member_of({.root = Root::kThis}, field);
  const clang::Expr* init = initializer->getInit();
  const Path value = path_of(init);
  if (is_followed(field->getType()) || (value != target && value.root == Root::kResult))
    add_assignment(target, value_of(init), init->getExprLoc());
}

void FunctionLowering::assign(Path target, Path value, clang::QualType type, clang::SourceLocation location) {
  add_assignment(std::move(target), {std::move(value), unit_.names.type_name(type)}, location);
}

void FunctionLowering::add_assignment(Path target, Value value, clang::SourceLocation location,
                                      const clang::Expr* expression) {
  if (target.root == Root::kUnknown) return;
  // A global's number is what it starts with, and nobody asks.
  if (in_initializers_ && (value.path.root == Root::kConstant || value.path.root == Root::kUnknown)) return;
  Op op;
  op.kind = OpKind::kAssign;
  op.place = unit_.names.place_of(location);
  op.target = std::move(target);
  op.arguments.push_back(std::move(value));
  if (expression != nullptr) tell_test(op, expression);
  add(std::move(op));
}

// `!f()`, `f() == 0`: a value that has no name, but says something of what has one.
void FunctionLowering::tell_test(Op& op, const clang::Expr* expression) {
  const clang::Expr* bare = strip(expression);
  const auto* unary = dyn_cast<clang::UnaryOperator>(bare);
  const auto* binary = dyn_cast<clang::BinaryOperator>(bare);
  const bool is_test = (unary != nullptr && unary->getOpcode() == clang::UO_LNot) ||
                       (binary != nullptr && binary->isComparisonOp());
  if (!is_test || op.arguments[0].path.root != Root::kUnknown) return;
  Test test = test_of(bare);
  if (test.kind == Test::Kind::kOther) return;
  op.test = test.kind;
  op.arguments.push_back({std::move(test.left), {}});
  op.arguments.push_back({std::move(test.right), {}});
}

void FunctionLowering::lower_global(const clang::VarDecl* global) {
  in_initializers_ = true;
  const size_t blocks = out_.blocks.size();
  const size_t locals = out_.locals.size();
  const size_t lambdas = out_.lambdas.size();
  begin(survey_initializer(global));
  lower_graph(global, const_cast<clang::Expr*>(global->getInit()));  // clang asks for it so, and only reads
  if (is_followed(global->getType())) {
    std::vector<Op> last;
    ops_ = &last;
    add_assignment({.root = Root::kGlobal, .name = unit_.registry.global(global)},
                   value_of(global->getInit()), global->getLocation());
    out_.blocks.back().ops = std::move(last);
    ops_ = nullptr;
  }
  const bool tells = std::any_of(out_.blocks.begin() + static_cast<std::ptrdiff_t>(blocks), out_.blocks.end(),
                                 [](const Block& block) { return !block.ops.empty(); });
  if (!tells) {
    out_.blocks.resize(blocks);
    out_.locals.resize(locals);
    out_.lambdas.resize(lambdas);
  } else if (blocks > 0) {
    out_.blocks[blocks - 1].edges.push_back({static_cast<uint32_t>(blocks), {}});
  }
}

void FunctionLowering::finish_globals() {
  if (out_.blocks.empty()) return;
  out_.blocks.emplace_back();
  const auto exit = static_cast<uint32_t>(out_.blocks.size() - 1);
  out_.blocks[exit - 1].edges.push_back({exit, {}});
}

}  // namespace gordian::check
