// Functions and classes of system headers by name: which calls of theirs are told. What they mean is not
// known here.
#pragma once

#include "analyzer/static-pass/lower/clang.h"

namespace gordian::check {

bool is_one_of(llvm::StringRef name, std::initializer_list<llvm::StringRef> names);

// The object of a member call or an overloaded operator; null when there is none.
const clang::Expr* object_of(const clang::CallExpr* call);

// std::move and its like: the result is the first argument.
bool passes_on(const clang::FunctionDecl* callee);
// malloc, make_unique and their like: the result is new memory.
bool allocates(const clang::FunctionDecl* callee);

// Mutexes, guards, conditions, threads, futures; of other libraries by what their names have in them.
bool is_synchronisation(const clang::CXXRecordDecl* record);
// File streams.
bool does_file_io(const clang::CXXRecordDecl* record, llvm::StringRef method);

// A function of a system header that is no member: whether its calls are told.
bool keeps_function(const clang::FunctionDecl* callee);

// Member functions that are not const and change nothing all the same: `begin`, `at` and their like.
bool only_looks(const clang::CXXMethodDecl* method);

}  // namespace gordian::check
