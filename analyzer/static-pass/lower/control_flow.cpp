// Where a block goes on, and what must hold for that.
#include "analyzer/static-pass/lower/function.h"
#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {

using llvm::dyn_cast;
using llvm::isa;

namespace {

Test::Kind negated(Test::Kind kind) {
  switch (kind) {
    case Test::Kind::kEqual:
      return Test::Kind::kNotEqual;
    case Test::Kind::kNotEqual:
      return Test::Kind::kEqual;
    case Test::Kind::kLess:
      return Test::Kind::kGreaterOrEqual;
    case Test::Kind::kLessOrEqual:
      return Test::Kind::kGreater;
    case Test::Kind::kGreater:
      return Test::Kind::kLessOrEqual;
    case Test::Kind::kGreaterOrEqual:
      return Test::Kind::kLess;
    default:
      return kind;
  }
}

// `a OPERATOR b` as `b OPERATOR a`.
Test::Kind turned(Test::Kind kind) {
  switch (kind) {
    case Test::Kind::kLess:
      return Test::Kind::kGreater;
    case Test::Kind::kLessOrEqual:
      return Test::Kind::kGreaterOrEqual;
    case Test::Kind::kGreater:
      return Test::Kind::kLess;
    case Test::Kind::kGreaterOrEqual:
      return Test::Kind::kLessOrEqual;
    default:
      return kind;
  }
}

Test::Kind kind_of(clang::BinaryOperatorKind kind) {
  switch (kind) {
    case clang::BO_EQ:
      return Test::Kind::kEqual;
    case clang::BO_NE:
      return Test::Kind::kNotEqual;
    case clang::BO_LT:
      return Test::Kind::kLess;
    case clang::BO_LE:
      return Test::Kind::kLessOrEqual;
    case clang::BO_GT:
      return Test::Kind::kGreater;
    case clang::BO_GE:
      return Test::Kind::kGreaterOrEqual;
    default:
      return Test::Kind::kOther;
  }
}

bool is_zero(const Path& path) {
  return path.root == Root::kConstant && path.number == 0;
}

Test other() {
  return {.kind = Test::Kind::kOther};
}

Test negated(Test test) {
  test.kind = negated(test.kind);
  return test;
}

}  // namespace

std::optional<Test> FunctionLowering::comparison(const clang::BinaryOperator* comparison) {
  if (!comparison->isComparisonOp()) return std::nullopt;
  Test test{kind_of(comparison->getOpcode()), path_of(comparison->getLHS()), path_of(comparison->getRHS())};
  if (test.left.root == Root::kConstant) {
    std::swap(test.left, test.right);
    test.kind = turned(test.kind);
  }
  // `!x == 0`, and a comparison compared.
  if (test.left.root == Root::kUnknown && is_zero(test.right) &&
      (test.kind == Test::Kind::kEqual || test.kind == Test::Kind::kNotEqual)) {
    const bool left_is_zero = is_zero(path_of(comparison->getLHS()));
    const Test inner = test_of(left_is_zero ? comparison->getRHS() : comparison->getLHS());
    return test.kind == Test::Kind::kEqual ? negated(inner) : inner;
  }
  if (test.left.root == Root::kUnknown || test.right.root == Root::kUnknown) return other();
  return test;
}

Test FunctionLowering::test_of(const clang::Expr* condition) {
  const clang::Expr* bare = strip(condition);
  if (const auto* unary = dyn_cast<clang::UnaryOperator>(bare);
      unary != nullptr && unary->getOpcode() == clang::UO_LNot)
    return negated(test_of(unary->getSubExpr()));
  if (const auto* binary = dyn_cast<clang::BinaryOperator>(bare)) {
    if (binary->isCommaOp()) return test_of(binary->getRHS());
    if (std::optional<Test> test = comparison(binary)) return *std::move(test);
  }
  if (const auto* call = dyn_cast<clang::CallExpr>(bare)) {
    const clang::FunctionDecl* callee = call->getDirectCallee();
    if (callee != nullptr && callee->getBuiltinID() != 0 &&
        simple_name(callee).starts_with("__builtin_expect"))
      return test_of(call->getArg(0));
  }
  const Path value = path_of(bare);
  if (value.root == Root::kUnknown) return other();
  return {Test::Kind::kNotEqual, value, {.root = Root::kConstant}};
}

void FunctionLowering::lower_edges(const clang::CFGBlock& block, Block& out, uint32_t first, uint32_t count) {
  const auto index_of = [&](const clang::CFGBlock* target) {
    return first + count - 1 - target->getBlockID();
  };
  if (block.hasNoReturnElement()) {
    out.ends_program = true;
    return;
  }
  const clang::Stmt* terminator = block.getTerminatorStmt();
  std::vector<const clang::CFGBlock*> targets;
  for (const clang::CFGBlock::AdjacentBlock& next : block.succs())
    targets.push_back(next.getReachableBlock());

  if (const auto* choice = dyn_cast_or_null<clang::SwitchStmt>(terminator)) {
    const Path value = path_of(choice->getCond());
    for (const clang::CFGBlock* target : targets) {
      if (target == nullptr) continue;
      // Without a default, the cases are taken to be all that there are.
      if (target->getLabel() == nullptr && targets.size() > 2) continue;
      const auto* label = dyn_cast_or_null<clang::CaseStmt>(target->getLabel());
      const bool single = label != nullptr && label->getRHS() == nullptr && value.root != Root::kUnknown;
      const Path number = single ? path_of(label->getLHS()) : Path{};
      Test test = other();
      if (number.root == Root::kConstant) test = {Test::Kind::kEqual, value, number};
      out.edges.push_back({index_of(target), std::move(test)});
    }
    return;
  }

  const clang::Expr* condition = block.getLastCondition();
  const bool branches = targets.size() == 2 && terminator != nullptr && condition != nullptr &&
                        block.getTerminator().isStmtBranch();
  Test test = other();
  if (branches && !isa<clang::CXXForRangeStmt>(terminator)) test = test_of(condition);
  for (size_t i = 0; i < targets.size(); ++i) {
    if (targets[i] == nullptr) continue;
    Test taken;
    if (branches) {
      taken = i == 0 ? test : negated(test);
    } else if (targets.size() > 1) {
      taken = other();
    }
    // Where the other way is impossible there is nothing to test.
    if (targets.size() == 2 && targets[1 - i] == nullptr) taken = Test{};
    out.edges.push_back({index_of(targets[i]), std::move(taken)});
  }
}

}  // namespace gordian::check
