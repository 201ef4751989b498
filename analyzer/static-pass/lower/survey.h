// One walk over a function's body before it is lowered, for what an expression alone does not know: where an
// object is constructed, what a statement throws away, which locals change or escape.
#pragma once

#include "analyzer/static-pass/lower/clang.h"

namespace gordian::check {

// What an object-making expression (a constructor, an initialiser list, a call that returns an object) makes.
struct Destination {
  const clang::VarDecl* variable = nullptr;
  const clang::CXXNewExpr* allocation = nullptr;
  const clang::CXXCtorInitializer* initializer = nullptr;
  bool in_parentheses = false;  // of a variable: `std::unique_lock<std::mutex> (m);`
};

struct Survey {
  llvm::DenseMap<const clang::Expr*, Destination> destinations;
  llvm::DenseSet<const clang::Expr*> discarded;  // constructors of temporaries that are statements
  llvm::DenseSet<const clang::Expr*> elided;     // copies that never happen: of the local that is the result
  llvm::DenseSet<const clang::Expr*> handed_over;  // temporaries that are passed by `&&`
  llvm::DenseSet<const clang::Expr*> nested;       // initialiser lists within others
  // Each branch of `c ? a : b`, and the whole.
  llvm::DenseMap<const clang::Expr*, std::vector<const clang::Expr*>> branch_of;
  llvm::DenseSet<const clang::VarDecl*>
      changing;  // written after their initialisation, or by somebody unseen
  llvm::DenseSet<const clang::VarDecl*> escaping;  // whose address is known elsewhere
  std::vector<const clang::LambdaExpr*> lambdas;
  std::vector<const clang::CXXRecordDecl*> local_classes;
  std::vector<const clang::VarDecl*> statics;
  // What a throw destroys on its way out of the function, or to the handler; last made first.
  llvm::DenseMap<const clang::CXXThrowExpr*, std::vector<const clang::VarDecl*>> unwound;
};

// `body`: a function's; with `constructor`, its initialisers too.
Survey survey(const clang::Stmt* body, const clang::CXXConstructorDecl* constructor = nullptr);
// An initialiser of a global.
Survey survey_initializer(const clang::VarDecl* global);

// Without parentheses, casts, and the nodes that only say that something is temporary.
const clang::Expr* strip(const clang::Expr* expression);

// The expression that makes the object that `expression` is the value of; strips elided copies.
const clang::Expr* maker_of(const clang::Expr* expression);

}  // namespace gordian::check
