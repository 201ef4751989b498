#include "analyzer/static-pass/lower/survey.h"

#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {
namespace {

using llvm::dyn_cast;
using llvm::isa;

class Surveyor {
 public:
  explicit Surveyor(Survey& result) : result_(result) {}

  void visit_initializer(const clang::CXXCtorInitializer* initializer) {
    destine(initializer->getInit(), {.initializer = initializer});
    visit(initializer->getInit());
  }

  void visit_variable(const clang::VarDecl* variable) {
    if (variable->isStaticLocal()) result_.statics.push_back(variable);
    const clang::Expr* init = variable->getInit();
    if (init != nullptr) {
      if (!variable->getType()->isReferenceType())
        destine(init, {.variable = variable, .in_parentheses = is_in_parentheses(variable)});
      visit(init);
      const bool refers = variable->getType()->isReferenceType();
      if (const clang::VarDecl* referent = refers ? variable_around(init) : nullptr)
        result_.changing.insert(referent);
    }
    if (const auto* parts = dyn_cast<clang::DecompositionDecl>(variable)) {
      for (const clang::BindingDecl* part : parts->bindings())
        if (const clang::VarDecl* holder = part->getHoldingVar()) visit_variable(holder);
    }
    if (variable->hasLocalStorage() && variable->needsDestruction(variable->getASTContext()))
      in_scope_.push_back(variable);
  }

  void visit(const clang::Stmt* statement) {
    if (statement == nullptr) return;
    if (const auto* expression = dyn_cast<clang::Expr>(statement)) {
      visit_expression(expression);
    } else if (const auto* declarations = dyn_cast<clang::DeclStmt>(statement)) {
      for (const clang::Decl* declaration : declarations->decls()) visit_declaration(declaration);
    } else if (const auto* attempt = dyn_cast<clang::CXXTryStmt>(statement)) {
      const size_t outer = std::exchange(tried_from_, in_scope_.size());
      visit(attempt->getTryBlock());
      tried_from_ = outer;
      for (unsigned i = 0; i < attempt->getNumHandlers(); ++i) visit(attempt->getHandler(i));
    } else {
      visit_statement(statement);
    }
  }

 private:
  void visit_declaration(const clang::Decl* declaration) {
    if (const auto* variable = dyn_cast<clang::VarDecl>(declaration)) {
      visit_variable(variable);
    } else if (const auto* record = dyn_cast<clang::CXXRecordDecl>(declaration)) {
      result_.local_classes.push_back(record);
    }
  }

  void visit_statement(const clang::Stmt* statement) {
    const size_t scope = in_scope_.size();
    if (const auto* result = dyn_cast<clang::ReturnStmt>(statement)) {
      const clang::VarDecl* local = result->getNRVOCandidate();
      if (local != nullptr && local->isNRVOVariable()) result_.elided.insert(strip(result->getRetValue()));
    }
    if (const auto* coroutine = dyn_cast<clang::CoroutineBodyStmt>(statement)) {
      visit(coroutine->getBody());
      return;
    }
    const bool throws_away =
        isa<clang::CompoundStmt, clang::IfStmt, clang::ForStmt, clang::WhileStmt, clang::DoStmt,
            clang::LabelStmt, clang::CaseStmt, clang::DefaultStmt, clang::AttributedStmt>(statement);
    for (const clang::Stmt* child : statement->children()) {
      if (child == nullptr) continue;
      if (const auto* expression = dyn_cast<clang::Expr>(child); throws_away && expression != nullptr)
        discard(expression);
      visit(child);
    }
    in_scope_.resize(scope);
  }

  void discard(const clang::Expr* expression) {
    const auto* full = strip(expression);
    // Beside a comma it lives as long as the other side needs it.
    if (isa<clang::CXXConstructExpr>(full)) {
      result_.discarded.insert(full);
    }
  }

  void destine(const clang::Expr* init, const Destination& destination) {
    if (init == nullptr) return;
    if (const auto* branch = dyn_cast<clang::ConditionalOperator>(strip(init));
        branch != nullptr && branch->isPRValue() && class_of(branch->getType()) != nullptr) {
      destine(branch->getTrueExpr(), destination);
      destine(branch->getFalseExpr(), destination);
      return;
    }
    result_.destinations.try_emplace(maker_of(init), destination);
  }

  static bool is_in_parentheses(const clang::VarDecl* variable) {
    const clang::TypeSourceInfo* written = variable->getTypeSourceInfo();
    return written != nullptr && !written->getTypeLoc().getAs<clang::ParenTypeLoc>().isNull();
  }

  void visit_expression(const clang::Expr* expression) {
    if (const auto* cast = dyn_cast<clang::CastExpr>(expression)) {
      if (cast->getCastKind() == clang::CK_LValueToRValue &&
          isa<clang::DeclRefExpr>(cast->getSubExpr()->IgnoreParens()))
        return;  // a plain read
      if (cast->getCastKind() == clang::CK_ArrayToPointerDecay) escape(cast->getSubExpr());
    } else if (const auto* reference = dyn_cast<clang::DeclRefExpr>(expression)) {
      if (const auto* variable = dyn_cast<clang::VarDecl>(reference->getDecl()))
        result_.changing.insert(variable);
    } else if (const auto* subscript = dyn_cast<clang::ArraySubscriptExpr>(expression)) {
      visit(subscript->getIdx());
      const auto* decay = dyn_cast<clang::CastExpr>(subscript->getBase()->IgnoreParens());
      visit(decay != nullptr && decay->getCastKind() == clang::CK_ArrayToPointerDecay ? decay->getSubExpr()
                                                                                      : subscript->getBase());
      return;
    } else if (const auto* unary = dyn_cast<clang::UnaryOperator>(expression)) {
      if (unary->getOpcode() == clang::UO_AddrOf) escape(unary->getSubExpr());
    } else if (const auto* lambda = dyn_cast<clang::LambdaExpr>(expression)) {
      visit_lambda(lambda);
      return;
    } else if (const auto* allocation = dyn_cast<clang::CXXNewExpr>(expression)) {
      destine(allocation->getInitializer(), {.allocation = allocation});
    } else if (const auto* choice = dyn_cast<clang::AbstractConditionalOperator>(expression)) {
      const auto* short_form = dyn_cast<clang::BinaryConditionalOperator>(choice);
      const clang::Expr* first = short_form != nullptr ? short_form->getCommon() : choice->getTrueExpr();
      result_.branch_of[first->IgnoreParens()].push_back(choice);
      result_.branch_of[choice->getFalseExpr()->IgnoreParens()].push_back(choice);
    } else if (const auto* thrown = dyn_cast<clang::CXXThrowExpr>(expression)) {
      result_.unwound[thrown].assign(in_scope_.rbegin(),
                                     in_scope_.rend() - static_cast<std::ptrdiff_t>(tried_from_));
    } else if (const auto* call = dyn_cast<clang::CallExpr>(expression)) {
      // An operator looks at its operands, and keeps none.
      if (isa<clang::CXXOperatorCallExpr>(call)) {
        for (const clang::Expr* argument : call->arguments()) hand_over(argument);
        return visit_children(call);
      }
      for (const clang::Expr* argument : call->arguments()) {
        hand_over(argument);
        if (argument->isGLValue()) escape(argument);
      }
    } else if (const auto* construction = dyn_cast<clang::CXXConstructExpr>(expression)) {
      for (const clang::Expr* argument : construction->arguments()) hand_over(argument);
      if (!construction->getConstructor()->isCopyOrMoveConstructor()) {
        for (const clang::Expr* argument : construction->arguments())
          if (argument->isGLValue()) escape(argument);
      }
    } else if (const auto* initial = dyn_cast<clang::CXXDefaultInitExpr>(expression)) {
      visit(initial->getExpr());
      return;
    } else if (const auto* list = dyn_cast<clang::InitListExpr>(expression); list != nullptr) {
      if (list->isSyntacticForm() && list->getSemanticForm() != nullptr)
        return visit_expression(list->getSemanticForm());
      for (const clang::Expr* init : list->inits())
        if (init != nullptr && isa<clang::InitListExpr>(strip(init))) result_.nested.insert(strip(init));
    } else if (isa<clang::UnaryExprOrTypeTraitExpr>(expression)) {
      return;
    }
    visit_children(expression);
  }

  void visit_children(const clang::Expr* expression) {
    for (const clang::Stmt* child : expression->children()) visit(child);
  }

  void visit_lambda(const clang::LambdaExpr* lambda) {
    result_.lambdas.push_back(lambda);
    auto init = lambda->capture_init_begin();
    for (const clang::LambdaCapture& capture : lambda->captures()) {
      if (*init != nullptr) {
        if (capture.getCaptureKind() == clang::LCK_ByRef) escape(*init);
        visit(*init);
      }
      ++init;
    }
  }

  // A temporary owner that is passed to be moved from owns nothing when it ends.
  void hand_over(const clang::Expr* argument) {
    const auto* temporary = dyn_cast<clang::MaterializeTemporaryExpr>(argument->IgnoreParens());
    if (temporary == nullptr || !argument->isXValue()) return;
    if (const auto* bound =
            dyn_cast<clang::CXXBindTemporaryExpr>(temporary->getSubExpr()->IgnoreParenCasts()))
      result_.handed_over.insert(bound);
  }

  // The variable that an lvalue lies in, when no pointer is followed on the way.
  static const clang::VarDecl* variable_around(const clang::Expr* lvalue) {
    while (true) {
      lvalue = strip(lvalue);
      if (const auto* member = dyn_cast<clang::MemberExpr>(lvalue)) {
        if (member->isArrow()) return nullptr;
        lvalue = member->getBase();
      } else if (const auto* subscript = dyn_cast<clang::ArraySubscriptExpr>(lvalue)) {
        const auto* decay = dyn_cast<clang::CastExpr>(subscript->getBase()->IgnoreParens());
        if (decay == nullptr || decay->getCastKind() != clang::CK_ArrayToPointerDecay) return nullptr;
        lvalue = decay->getSubExpr();
      } else {
        break;
      }
    }
    const auto* reference = dyn_cast<clang::DeclRefExpr>(lvalue);
    return reference == nullptr ? nullptr : dyn_cast<clang::VarDecl>(reference->getDecl());
  }

  void escape(const clang::Expr* lvalue) {
    if (const clang::VarDecl* variable = variable_around(lvalue)) {
      result_.escaping.insert(variable);
      result_.changing.insert(variable);
    }
  }

  Survey& result_;
  std::vector<const clang::VarDecl*> in_scope_;  // with destructors
  size_t tried_from_ = 0;                        // how many of them the innermost try leaves alone
};

}  // namespace

Survey survey(const clang::Stmt* body, const clang::CXXConstructorDecl* constructor) {
  Survey result;
  Surveyor surveyor(result);
  if (constructor != nullptr)
    for (const clang::CXXCtorInitializer* initializer : constructor->inits())
      surveyor.visit_initializer(initializer);
  surveyor.visit(body);
  return result;
}

Survey survey_initializer(const clang::VarDecl* global) {
  Survey result;
  Surveyor(result).visit_variable(global);
  return result;
}

const clang::Expr* strip(const clang::Expr* expression) {
  while (true) {
    const clang::Expr* inner = expression->IgnoreParens();
    if (const auto* cast = dyn_cast<clang::CastExpr>(inner)) {
      inner = cast->getSubExpr();
    } else if (const auto* full = dyn_cast<clang::FullExpr>(inner)) {
      inner = full->getSubExpr();
    } else if (const auto* temporary = dyn_cast<clang::MaterializeTemporaryExpr>(inner)) {
      inner = temporary->getSubExpr();
    } else if (const auto* bound = dyn_cast<clang::CXXBindTemporaryExpr>(inner)) {
      inner = bound->getSubExpr();
    } else if (const auto* argument = dyn_cast<clang::SubstNonTypeTemplateParmExpr>(inner)) {
      inner = argument->getReplacement();
    } else if (const auto* opaque = dyn_cast<clang::OpaqueValueExpr>(inner);
               opaque != nullptr && opaque->getSourceExpr() != nullptr) {
      inner = opaque->getSourceExpr();
    } else if (const auto* initial = dyn_cast<clang::CXXDefaultInitExpr>(inner)) {
      inner = initial->getExpr();
    } else if (const auto* rewritten = dyn_cast<clang::CXXRewrittenBinaryOperator>(inner)) {
      inner = rewritten->getSemanticForm();
    } else if (const auto* list = dyn_cast<clang::CXXStdInitializerListExpr>(inner)) {
      inner = list->getSubExpr();
    }
    if (inner == expression) return expression;
    expression = inner;
  }
}

const clang::Expr* maker_of(const clang::Expr* expression) {
  while (true) {
    const clang::Expr* inner = strip(expression);
    if (const auto* construction = dyn_cast<clang::CXXConstructExpr>(inner);
        construction != nullptr && construction->isElidable() && construction->getNumArgs() > 0) {
      inner = construction->getArg(0);
    } else if (const auto* list = dyn_cast<clang::InitListExpr>(inner);
               list != nullptr && list->isTransparent() && list->getNumInits() == 1) {
      inner = list->getInit(0);
    }
    if (inner == expression) return expression;
    expression = inner;
  }
}

}  // namespace gordian::check
