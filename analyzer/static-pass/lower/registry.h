// What functions refer to: globals, fields and classes are told of once each, when they are declared in the
// project or first referred to.
#pragma once

#include "analyzer/static-pass/lower/clang.h"
#include "analyzer/static-pass/lower/names.h"
#include "analyzer/static-pass/lower/unit_builder.h"

namespace gordian::check {

// The kind that a pthread_mutex_t is initialised with: 0 normal, 1 recursive, 2 error-checking.
uint32_t mutex_kind_of(const clang::Expr* init, clang::ASTContext& context);

class Registry {
 public:
  Registry(UnitBuilder& unit, clang::ASTContext& context, Names& names)
      : unit_(unit), context_(context), names_(names) {}

  // The key.
  Symbol global(const clang::VarDecl* variable);
  Symbol field(const clang::FieldDecl* field);
  // Whose address somebody takes: told by its name, if it is not defined here.
  Symbol function(const clang::FunctionDecl* function);
  void declare(const clang::FunctionDecl* function, std::vector<Contract> contracts);
  void class_of_project(const clang::CXXRecordDecl* record);
  void struct_of_c(const clang::RecordDecl* record);

  // All but the key.
  Variable describe(const clang::VarDecl* variable);

 private:
  void add_class(const clang::CXXRecordDecl* record);
  void add_overrides(const clang::CXXRecordDecl* record);
  void define(Variable& known, const clang::VarDecl* variable);

  UnitBuilder& unit_;
  clang::ASTContext& context_;
  Names& names_;
  llvm::DenseMap<uint32_t, size_t> globals_;  // by key
  llvm::DenseSet<uint32_t> fields_;           // by key
  llvm::DenseSet<uint32_t> functions_;        // by key
  llvm::DenseSet<uint32_t> classes_;          // by name
  llvm::DenseSet<std::pair<uint32_t, uint32_t>> overrides_;
};

}  // namespace gordian::check
