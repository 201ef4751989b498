// One function's body as blocks of operations.
//
// The shape is clang's control-flow graph with every expression in the order of its evaluation, so that each
// is looked at once and for itself; what an expression's value is called is asked of `path_of`.
#pragma once

#include "analyzer/static-pass/lower/clang.h"
#include "analyzer/static-pass/lower/names.h"
#include "analyzer/static-pass/lower/registry.h"
#include "analyzer/static-pass/lower/survey.h"
#include "analyzer/static-pass/lower/unit_builder.h"

namespace gordian::check {

// What all functions of a unit share.
struct Lowering {
  UnitBuilder& unit;
  clang::ASTContext& context;
  Names& names;
  Registry& registry;
};

class FunctionLowering {
 public:
  // `function`: whose names the expressions use; null for the initialisers of globals.
  FunctionLowering(const Lowering& unit, const clang::FunctionDecl* function, Function& out);

  // The body, and everything in it that is a function of its own.
  void lower_body();
  // Appends one global's initialiser, when it does anything worth telling. At last, `finish_globals`.
  void lower_global(const clang::VarDecl* global);
  void finish_globals();

  const Survey& surveyed() const { return survey_; }

  // paths.cpp. For attributes too, in whose expressions calls are not followed.
  Path path_of(const clang::Expr* expression);

 private:
  // function.cpp
  void describe_parameters();
  void lower_graph(const clang::Decl* declaration, clang::Stmt* body);
  void lower_block(const clang::CFGBlock& block, uint32_t first, uint32_t count);
  void lower_element(const clang::CFGElement& element);
  void lower_statement(const clang::Stmt* statement);
  void lower_variable(const clang::VarDecl* variable);
  void lower_initializer(const clang::CXXCtorInitializer* initializer);
  void lower_branch(const clang::Expr* expression);
  void lower_return(const clang::Expr* value, clang::SourceLocation location);
  void lower_expression(const clang::Expr* expression);
  void lower_end_of(const clang::VarDecl* variable, clang::SourceLocation at);
  void begin(Survey survey);
  void fill_captures(const clang::LambdaExpr* lambda, size_t index);
  bool chooses(const clang::Expr* choice);

  // control_flow.cpp
  void lower_edges(const clang::CFGBlock& block, Block& out, uint32_t first, uint32_t count);
  Test test_of(const clang::Expr* condition);
  std::optional<Test> comparison(const clang::BinaryOperator* comparison);

  // paths.cpp
  Path path_of_variable(const clang::DeclRefExpr* reference);
  Path path_of_captured(const clang::ValueDecl* variable);
  Path path_of_this();
  Path path_of_member(const clang::MemberExpr* member);
  Path path_of_subscript(const clang::Expr* base, const clang::Expr* index);
  Path path_of_operator(const clang::BinaryOperator* binary);
  Path path_of_operator(const clang::UnaryOperator* unary);
  Path path_of_construction(const clang::CXXConstructExpr* construction);
  Path behind(Path pointer, clang::QualType pointee);
  Path element_of(Path container, const clang::Expr* index);
  Path member_of(Path object, const clang::FieldDecl* field);
  Symbol index_name(const clang::Expr* index);
  std::optional<int64_t> constant_of(const clang::Expr* expression);
  Path local(const clang::VarDecl* variable);
  Path made_by(const clang::Expr* maker);  // the object that a constructor or a list makes
  uint32_t result_of(const clang::Expr* call);

  // call_paths.cpp
  Path path_of_call(const clang::CallExpr* call);
  std::optional<Path> path_through_call(const clang::CallExpr* call);
  std::optional<Path> path_through_function(const clang::CallExpr* call, const clang::FunctionDecl* callee);
  std::optional<Path> path_through_method(const clang::Expr* object, const clang::CXXMethodDecl* method,
                                          const clang::CallExpr* call);

  // calls.cpp
  void lower_call(const clang::CallExpr* call);
  void lower_construction(const clang::CXXConstructExpr* construction);
  void lower_destructor(const clang::CXXDestructorDecl* destructor, Path object,
                        clang::SourceLocation location, bool through_pointer);
  void lower_destruction(clang::QualType type, const Path& object, clang::SourceLocation location,
                         bool through_pointer = false);
  void lower_inherited(const clang::CXXInheritedCtorInitExpr* inherited);
  void lower_allocation(const clang::CXXNewExpr* allocation);
  void lower_indirect_call(const clang::CallExpr* call);
  bool lower_followed_object(const clang::CallExpr* call, const clang::CXXMethodDecl* method,
                             const clang::Expr* object);
  bool lower_trivial_assignment(const clang::CallExpr* call, const clang::FunctionDecl* callee);
  bool lower_thread_in_container(const clang::CallExpr* call, const clang::CXXMethodDecl* method,
                                 const clang::Expr* object, llvm::ArrayRef<const clang::Expr*> arguments);
  void lower_joins(const clang::CXXForRangeStmt* loop);
  void lower_made(const clang::CXXRecordDecl* record, Value object,
                  llvm::ArrayRef<const clang::Expr*> arguments, clang::SourceLocation location);
  Op call_of(const clang::FunctionDecl* callee, clang::SourceLocation location);
  void add_arguments(Op& op, llvm::ArrayRef<const clang::Expr*> arguments);
  bool keeps(const clang::FunctionDecl* callee, const clang::Expr* object,
             llvm::ArrayRef<const clang::Expr*> arguments);
  bool is_of_system(const clang::FunctionDecl* callee) const;
  Symbol name_of(const clang::FunctionDecl* callee, const clang::Expr* object);

  // accesses.cpp
  void lower_access(const clang::Expr* lvalue, uint16_t flags, const clang::Expr* at = nullptr,
                    Symbol by = {});
  void lower_access_behind(const clang::Expr* pointer, uint16_t flags, const clang::Expr* at, Symbol by = {});
  void lower_store(const clang::BinaryOperator* assignment);
  void lower_object_access(const clang::Expr* object, const clang::CXXMethodDecl* method,
                           const clang::Expr* call);
  void lower_arguments_access(const clang::FunctionDecl* callee, llvm::ArrayRef<const clang::Expr*> arguments,
                              const clang::Expr* call, bool kept);
  void lower_argument_access(const clang::Expr* argument, clang::QualType parameter, Symbol by,
                             const clang::Expr* call, bool kept);
  bool lower_atomic(const clang::CallExpr* call, const clang::FunctionDecl* callee);
  void lower_atomic(const clang::AtomicExpr* operation);
  bool is_shared(const clang::Expr* lvalue, unsigned depth = 0);
  bool is_shared_variable(const clang::DeclRefExpr* reference, unsigned depth);

  // aggregates.cpp
  void lower_list(const clang::InitListExpr* list);
  void lower_members(const clang::InitListExpr* list, const Path& target);
  void lower_member(const clang::Expr* init, Path target, clang::QualType type);

  void assign(Path target, Path value, clang::QualType type, clang::SourceLocation location);
  // With `expression`, a comparison is told as such.
  void add_assignment(Path target, Value value, clang::SourceLocation location,
                      const clang::Expr* expression = nullptr);
  void tell_test(Op& op, const clang::Expr* expression);
  void add(Op op);
  Value value_of(const clang::Expr* expression);

  Lowering unit_;
  const clang::FunctionDecl* function_;
  Function& out_;
  Survey survey_;
  const clang::CXXRecordDecl* closure_ = nullptr;  // of the lambda whose body this is
  llvm::DenseMap<const clang::ValueDecl*, uint32_t> captures_;
  std::optional<uint32_t> this_capture_;
  llvm::DenseMap<const clang::VarDecl*, uint32_t> locals_;
  llvm::DenseMap<const clang::Expr*, uint32_t> temporaries_;
  llvm::DenseMap<const clang::Expr*, uint32_t> choices_;
  llvm::DenseMap<const clang::Expr*, uint32_t> results_;
  uint32_t last_result_ = 0;
  llvm::DenseMap<const clang::LambdaExpr*, uint32_t> lambdas_;
  std::vector<Op>* ops_ = nullptr;  // of the block that is being filled
  bool in_initializers_ = false;    // of globals: nothing runs beside them
  bool leaves_ = false;             // the block that is being filled goes to the end
};

}  // namespace gordian::check
