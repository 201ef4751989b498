// What kind of type something is, as far as access paths care: which classes are only another way to write a
// pointer, which values are followed through assignments.
#pragma once

#include "analyzer/static-pass/lower/clang.h"

namespace gordian::check {

// The class of a value, whatever pointers, references and arrays lie around it; null when it has none.
const clang::CXXRecordDecl* class_of(clang::QualType type);

// Of namespace std, inline namespaces in it included (and of __gnu_cxx, where its iterators are).
bool is_in_std(const clang::Decl* declaration);

// The name, or nothing for what has none (an operator, a lambda's class).
llvm::StringRef simple_name(const clang::NamedDecl* declaration);

// unique_ptr, shared_ptr, weak_ptr, reference_wrapper, optional and their like: they stand for what they
// hold.
bool is_smart_pointer(const clang::CXXRecordDecl* record);
bool is_iterator(const clang::CXXRecordDecl* record);
bool is_callable_wrapper(const clang::CXXRecordDecl* record);  // std::function and its like
bool is_atomic(clang::QualType type);

// What a smart pointer holds; a null type when it is none.
clang::QualType held_by(const clang::CXXRecordDecl* record);
// Of a class template's instance, such as std::vector<T>, the T.
clang::QualType first_type_argument(const clang::CXXRecordDecl* record);

// A pointer, reference, smart pointer or iterator.
bool is_pointer_like(clang::QualType type);

// Types of which kAssign is told.
bool is_followed(clang::QualType type);

// A scalar gets an element of its own behind a pointer.
bool is_scalar(clang::QualType type);

// A function, a pointer to one, a lambda, or a wrapper of these.
bool is_callable(clang::QualType type);

}  // namespace gordian::check
