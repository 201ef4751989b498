#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {
namespace {

bool is_one_of(const clang::CXXRecordDecl* record, std::initializer_list<llvm::StringRef> names) {
  return record != nullptr && is_in_std(record) &&
         std::find(names.begin(), names.end(), simple_name(record)) != names.end();
}

}  // namespace

const clang::CXXRecordDecl* class_of(clang::QualType type) {
  if (type.isNull()) return nullptr;
  clang::QualType bare = type.getNonReferenceType();
  while (true) {
    if (bare->isPointerType()) {
      bare = bare->getPointeeType();
    } else if (bare->isArrayType()) {
      bare = clang::QualType(bare->getArrayElementTypeNoTypeQual(), 0);
    } else {
      return bare->getAsCXXRecordDecl();
    }
  }
}

bool is_in_std(const clang::Decl* declaration) {
  const clang::DeclContext* context = declaration->getDeclContext();
  while (!context->isTranslationUnit()) {
    const clang::DeclContext* parent = context->getParent();
    if (const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(context);
        space != nullptr && parent->getRedeclContext()->isTranslationUnit())
      return simple_name(space) == "std" || simple_name(space) == "__gnu_cxx";
    context = parent;
  }
  return false;
}

llvm::StringRef simple_name(const clang::NamedDecl* declaration) {
  const clang::IdentifierInfo* name = declaration->getIdentifier();
  return name == nullptr ? llvm::StringRef() : name->getName();
}

bool is_smart_pointer(const clang::CXXRecordDecl* record) {
  return is_one_of(record, {"unique_ptr", "shared_ptr", "weak_ptr", "reference_wrapper", "optional",
                            "__shared_ptr", "__shared_ptr_access", "__weak_ptr", "auto_ptr"});
}

bool is_iterator(const clang::CXXRecordDecl* record) {
  return record != nullptr && is_in_std(record) && simple_name(record).contains("terator") &&
         !simple_name(record).contains("streambuf");
}

bool is_callable_wrapper(const clang::CXXRecordDecl* record) {
  if (is_one_of(record, {"function", "move_only_function"})) return true;
  return record != nullptr && (simple_name(record) == "AnyInvocable" || simple_name(record) == "FunctionRef");
}

bool is_atomic(clang::QualType type) {
  const clang::QualType bare = type.getNonReferenceType();
  return bare->isAtomicType() ||
         is_one_of(bare->getAsCXXRecordDecl(), {"atomic", "atomic_flag", "atomic_ref", "__atomic_base"});
}

clang::QualType held_by(const clang::CXXRecordDecl* record) {
  return is_smart_pointer(record) ? first_type_argument(record) : clang::QualType();
}

clang::QualType first_type_argument(const clang::CXXRecordDecl* record) {
  const auto* special = llvm::dyn_cast<clang::ClassTemplateSpecializationDecl>(record);
  if (special == nullptr || special->getTemplateArgs().size() == 0) return {};
  const clang::TemplateArgument& held = special->getTemplateArgs()[0];
  return held.getKind() == clang::TemplateArgument::Type ? held.getAsType() : clang::QualType();
}

bool is_pointer_like(clang::QualType type) {
  if (type->isReferenceType() || type->isAnyPointerType()) return true;
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  return record != nullptr && (is_smart_pointer(record) || is_iterator(record));
}

bool is_followed(clang::QualType type) {
  if (type->isReferenceType() || type->isScalarType() || type->isFunctionType()) return true;
  const clang::CXXRecordDecl* record = type->getAsCXXRecordDecl();
  return record != nullptr && (record->isLambda() || is_smart_pointer(record) || is_iterator(record) ||
                               is_callable_wrapper(record));
}

bool is_scalar(clang::QualType type) {
  return type->isScalarType();
}

bool is_callable(clang::QualType type) {
  const clang::QualType bare = type.getNonReferenceType();
  if (bare->isFunctionType() || bare->isFunctionPointerType() || bare->isMemberFunctionPointerType() ||
      bare->isBlockPointerType())
    return true;
  const clang::CXXRecordDecl* record = bare->getAsCXXRecordDecl();
  return record != nullptr && (record->isLambda() || is_callable_wrapper(record) ||
                               simple_name(record) == "_Bind" || simple_name(record) == "packaged_task");
}

}  // namespace gordian::check
