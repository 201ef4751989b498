#include "analyzer/static-pass/lower/names.h"

#include <cxxabi.h>

#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {
namespace {

std::string demangled(const std::string& name) {
  int status = 0;
  char* text = abi::__cxa_demangle(name.c_str(), nullptr, nullptr, &status);
  std::string result = status == 0 ? text : name;
  std::free(text);
  return result;
}

}  // namespace

Names::Names(UnitBuilder& unit, clang::ASTContext& context, std::string directory)
    : unit_(unit), context_(context), directory_(std::move(directory)), mangler_(context) {}

Symbol Names::key_of(const clang::NamedDecl* declaration) {
  const auto [place, added] = keys_.try_emplace(declaration->getCanonicalDecl());
  if (added) {
    const Symbol key = unit_.symbol(make_key(declaration));
    keys_[declaration->getCanonicalDecl()] = key;  // making it may have moved the entries
    return key;
  }
  return place->second;
}

std::string Names::make_key(const clang::NamedDecl* declaration) {
  llvm::SmallString<128> usr;
  clang::index::generateUSRForDecl(declaration, usr);
  std::string key = usr.str().str();
  const clang::NamedDecl* located = declaration;
  bool needs_place = key.empty();
  for (const clang::DeclContext* outer = declaration->getDeclContext(); outer != nullptr;
       outer = outer->getParent()) {
    const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(outer);
    if (record != nullptr && record->isLambda()) {
      needs_place = true;
      located = record;
      break;
    }
  }
  if (needs_place) {
    // A lambda in a template is another one in each instantiation, at one place.
    const clang::DeclContext* outer = located->getDeclContext();
    while (outer != nullptr && !llvm::isa<clang::FunctionDecl>(outer)) outer = outer->getParent();
    const Place place = place_of(located->getLocation());
    key +=
        "@" + unit_.text(place.file) + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
    if (outer != nullptr) key += "@" + unit_.text(key_of(llvm::cast<clang::FunctionDecl>(outer)));
    return key;
  }
  // The USR takes all lambdas that a template is made for as one.
  const auto* function = llvm::dyn_cast<clang::FunctionDecl>(declaration);
  if (function != nullptr && function->isTemplateInstantiation() &&
      !is_in_system_header(function->getLocation()))
    key += "#" + mangler_.getName(function);
  if (!declaration->isExternallyVisible()) {
    key = unit_.text(place_of(declaration->getCanonicalDecl()->getLocation()).file) + "#" + key;
  }
  return key;
}

Symbol Names::plain_name(const clang::NamedDecl* declaration) {
  const Symbol known = plain_names_.lookup(declaration);
  if (known) return known;
  const Symbol name = unit_.symbol(make_plain_name(declaration));
  plain_names_[declaration] = name;
  return name;
}

std::string Names::make_plain_name(const clang::NamedDecl* declaration) {
  return name_of_context(declaration->getDeclContext()) + name_without_context(declaration);
}

// With the "::" behind it.
std::string Names::name_of_context(const clang::DeclContext* context) {
  while (context->isTransparentContext() || context->isInlineNamespace()) context = context->getParent();
  if (context->isTranslationUnit()) return {};
  const auto* named = llvm::dyn_cast<clang::NamedDecl>(context);
  if (named == nullptr) return name_of_context(context->getParent());
  const auto* record = llvm::dyn_cast<clang::RecordDecl>(named);
  // The members of `struct { int x; };` without a name are those of what it stands in.
  if (record != nullptr && record->isAnonymousStructOrUnion()) return name_of_context(context->getParent());
  return unit_.text(plain_name(named)) + "::";
}

std::string Names::name_without_context(const clang::NamedDecl* declaration) {
  if (const auto* record = llvm::dyn_cast<clang::CXXRecordDecl>(declaration);
      record != nullptr && record->isLambda())
    return "{lambda}";
  if (const auto* tag = llvm::dyn_cast<clang::TagDecl>(declaration);
      tag != nullptr && tag->getIdentifier() == nullptr)
    return name_of_unnamed(tag);
  if (const auto* space = llvm::dyn_cast<clang::NamespaceDecl>(declaration);
      space != nullptr && space->isAnonymousNamespace())
    return "(anonymous namespace)";
  if (const auto* constructor = llvm::dyn_cast<clang::CXXConstructorDecl>(declaration))
    return simple_name(constructor->getParent()).str();
  if (const auto* destructor = llvm::dyn_cast<clang::CXXDestructorDecl>(declaration))
    return "~" + simple_name(destructor->getParent()).str();
  if (const auto* conversion = llvm::dyn_cast<clang::CXXConversionDecl>(declaration))
    return "operator " + unit_.text(type_name(conversion->getConversionType()));
  return declaration->getNameAsString();
}

// By its typedef, or by the variable or field that it is the type of.
std::string Names::name_of_unnamed(const clang::TagDecl* tag) {
  if (const clang::TypedefNameDecl* name = tag->getTypedefNameForAnonDecl()) return simple_name(name).str();
  for (const clang::Decl* next = tag->getNextDeclInContext(); next != nullptr;
       next = next->getNextDeclInContext()) {
    const auto* declarator = llvm::dyn_cast<clang::DeclaratorDecl>(next);
    if (declarator == nullptr) break;
    const clang::Type* type = declarator->getType()->getPointeeOrArrayElementType();
    if (type->getAsTagDecl() != nullptr &&
        type->getAsTagDecl()->getCanonicalDecl() == tag->getCanonicalDecl())
      return simple_name(declarator).str();
  }
  return "(unnamed)";
}

Symbol Names::readable_name(const clang::FunctionDecl* function) {
  const Symbol known = readable_names_.lookup(function);
  if (known) return known;
  const Symbol name = unit_.symbol(make_readable_name(function));
  readable_names_[function] = name;
  return name;
}

std::string Names::make_readable_name(const clang::FunctionDecl* function) {
  if (!context_.getLangOpts().CPlusPlus || function->isExternC() || function->isMain())
    return simple_name(function).str();
  return demangled(mangler_.getName(function));
}

Symbol Names::readable_name(const clang::VarDecl* variable) {
  const auto* function = llvm::dyn_cast_or_null<clang::FunctionDecl>(variable->getParentFunctionOrMethod());
  if (function == nullptr || variable->hasExternalFormalLinkage()) return plain_name(variable);
  return unit_.symbol(unit_.text(readable_name(function)) + "::" + simple_name(variable).str());
}

Symbol Names::type_name(clang::QualType type) {
  if (type.isNull()) return {};
  // Of the typedefs of integers, those of POSIX say what a value is for.
  if (const auto* alias = type->getAs<clang::TypedefType>();
      alias != nullptr && alias->isScalarType() && simple_name(alias->getDecl()).starts_with("pthread_"))
    return unit_.symbol(simple_name(alias->getDecl()));
  clang::QualType bare = type.getNonReferenceType();
  while (true) {
    const clang::CXXRecordDecl* record = bare->getAsCXXRecordDecl();
    if (bare->isAnyPointerType()) {
      bare = bare->getPointeeType();
    } else if (bare->isArrayType()) {
      bare = clang::QualType(bare->getArrayElementTypeNoTypeQual(), 0);
    } else if (const clang::QualType held = held_by(record); !held.isNull()) {
      bare = held;
    } else {
      break;
    }
  }
  const clang::Type* canonical = bare.getCanonicalType().getTypePtr();
  const Symbol known = type_names_.lookup(canonical);
  if (known) return known;
  Symbol name;
  if (const clang::TagDecl* tag = canonical->getAsTagDecl()) {
    name = plain_name(tag);
  } else if (!canonical->isFunctionType()) {
    name = unit_.symbol(clang::QualType(canonical, 0).getAsString(context_.getPrintingPolicy()));
  }
  type_names_[canonical] = name;
  return name;
}

Place Names::place_of(clang::SourceLocation location) {
  if (location.isInvalid()) return {};
  const clang::SourceManager& sources = context_.getSourceManager();
  const auto [file, offset] = sources.getDecomposedLoc(sources.getExpansionLoc(location));
  const auto [entry, added] = files_.try_emplace(file);
  if (added) {
    const clang::OptionalFileEntryRef opened = sources.getFileEntryRefForID(file);
    if (opened) {
      const std::filesystem::path path(opened->getName().str());
      entry->second = unit_.symbol((std::filesystem::path(directory_) / path).lexically_normal().string());
    }
  }
  return {entry->second, sources.getLineNumber(file, offset), sources.getColumnNumber(file, offset)};
}

bool Names::is_in_system_header(clang::SourceLocation location) const {
  return location.isInvalid() || context_.getSourceManager().isInSystemHeader(location);
}

bool Names::is_in_header(clang::SourceLocation location) const {
  const clang::SourceManager& sources = context_.getSourceManager();
  return !sources.isInMainFile(sources.getExpansionLoc(location));
}

}  // namespace gordian::check
