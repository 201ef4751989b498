// How functions, variables, types and places are called in a Unit. Each is made once and remembered.
#pragma once

#include "analyzer/static-pass/lower/clang.h"
#include "analyzer/static-pass/lower/unit_builder.h"

namespace gordian::check {

class Names {
 public:
  Names(UnitBuilder& unit, clang::ASTContext& context, std::string directory);

  // The USR; of internal linkage with the file in front, of a lambda with its place behind.
  Symbol key_of(const clang::NamedDecl* declaration);
  // "bank::Account::lock"; without template arguments, parameters and inline namespaces.
  Symbol plain_name(const clang::NamedDecl* declaration);
  // As a debugger shows it, but for lambdas: LambdaNames.
  Symbol readable_name(const clang::FunctionDecl* function);
  Symbol readable_name(const clang::VarDecl* variable);
  // Without pointers, references, arrays, smart pointers and qualifiers.
  Symbol type_name(clang::QualType type);

  Place place_of(clang::SourceLocation location);
  bool is_in_system_header(clang::SourceLocation location) const;
  // Where the main file is not.
  bool is_in_header(clang::SourceLocation location) const;

 private:
  std::string make_key(const clang::NamedDecl* declaration);
  std::string make_plain_name(const clang::NamedDecl* declaration);
  std::string make_readable_name(const clang::FunctionDecl* function);
  std::string name_of_context(const clang::DeclContext* context);
  std::string name_without_context(const clang::NamedDecl* declaration);
  std::string name_of_unnamed(const clang::TagDecl* tag);

  UnitBuilder& unit_;
  clang::ASTContext& context_;
  std::string directory_;
  clang::ASTNameGenerator mangler_;
  llvm::DenseMap<const clang::Decl*, Symbol> keys_;
  llvm::DenseMap<const clang::Decl*, Symbol> plain_names_;
  llvm::DenseMap<const clang::Decl*, Symbol> readable_names_;
  llvm::DenseMap<const clang::Type*, Symbol> type_names_;
  llvm::DenseMap<clang::FileID, Symbol> files_;
};

}  // namespace gordian::check
