#include "analyzer/static-pass/lower/declarations.h"

#include "analyzer/static-pass/lower/contracts.h"
#include "analyzer/static-pass/lower/function.h"
#include "analyzer/static-pass/lower/lambda_names.h"
#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {
namespace {

using llvm::dyn_cast;
using llvm::isa;

class Declarations {
 public:
  Declarations(UnitBuilder& unit, clang::ASTContext& context, const std::string& directory)
      : unit_(unit),
        context_(context),
        names_(unit, context, directory),
        registry_(unit, context, names_),
        initializers_lowering_({unit, context, names_, registry_}, nullptr, initializers_) {}

  void add(const clang::Decl* declaration) {
    if (declaration->isInvalidDecl()) return;
    if (const auto* function = dyn_cast<clang::FunctionDecl>(declaration)) {
      add_function(function);
    } else if (const auto* variable = dyn_cast<clang::VarDecl>(declaration)) {
      add_variable(variable);
    } else if (const auto* record = dyn_cast<clang::CXXRecordDecl>(declaration)) {
      add_class(record);
    } else if (const auto* structure = dyn_cast<clang::RecordDecl>(declaration)) {
      registry_.struct_of_c(structure);
      add_members(structure);
    } else if (const auto* functions = dyn_cast<clang::FunctionTemplateDecl>(declaration)) {
      if (functions->isThisDeclarationADefinition() || functions->isFirstDecl()) add_instances(functions);
    } else if (const auto* classes = dyn_cast<clang::ClassTemplateDecl>(declaration)) {
      if (classes->isFirstDecl())
        for (const clang::ClassTemplateSpecializationDecl* instance : classes->specializations())
          add_instance(instance);
    } else if (const auto* variables = dyn_cast<clang::VarTemplateDecl>(declaration)) {
      if (variables->isFirstDecl())
        for (const clang::VarTemplateSpecializationDecl* instance : variables->specializations())
          add_variable(instance);
    } else if (const auto* friendship = dyn_cast<clang::FriendDecl>(declaration)) {
      if (friendship->getFriendDecl() != nullptr) add(friendship->getFriendDecl());
    } else if (isa<clang::NamespaceDecl, clang::LinkageSpecDecl, clang::ExportDecl>(declaration)) {
      add_members(llvm::cast<clang::DeclContext>(declaration));
    }
  }

  // Functions come in the order of their definitions; those in their bodies after them.
  void finish() {
    for (size_t i = 0; i < queue_.size(); ++i) lower(queue_[i]);
    name_functions();
    add_initializers_function();
  }

 private:
  void add_initializers_function() {
    initializers_lowering_.finish_globals();
    if (initializers_.blocks.empty()) return;
    const std::string file = unit_.text(unit_.unit().file);
    initializers_.key = unit_.symbol(file + "#initialisers");
    initializers_.name = initializers_.plain =
        unit_.symbol("initialisers of " + std::filesystem::path(file).filename().string());
    initializers_.place.file = unit_.unit().file;
    initializers_.flags = function_flags::kInitialisers | function_flags::kInternal;
    unit_.unit().functions.push_back(std::move(initializers_));
  }

  // Last: the name of a template's instance has the lambda in it that it was made for, and that comes later.
  void name_functions() {
    LambdaNames lambdas;
    for (const clang::FunctionDecl* function : lowered_) {
      const auto* method = dyn_cast<clang::CXXMethodDecl>(function);
      const auto numbered = method == nullptr ? numbered_.end() : numbered_.find(method->getParent());
      if (numbered == numbered_.end()) continue;
      const auto [outer, number] = numbered->second;
      lambdas.add(unit_.text(names_.readable_name(function)),
                  outer == nullptr ? "" : unit_.text(names_.readable_name(outer)), number);
    }
    for (size_t i = 0; i < lowered_.size(); ++i)
      unit_.unit().functions[i].name =
          unit_.symbol(lambdas.renamed(unit_.text(names_.readable_name(lowered_[i]))));
    for (Variable& global : unit_.unit().globals)
      global.name = unit_.symbol(lambdas.renamed(unit_.text(global.name)));
  }

  void add_members(const clang::DeclContext* context) {
    for (const clang::Decl* member : context->decls()) add(member);
  }

  void add_instances(const clang::FunctionTemplateDecl* functions) {
    for (const clang::FunctionDecl* instance : functions->specializations())
      if (instance->getTemplateSpecializationKind() != clang::TSK_ExplicitSpecialization)
        add_function(instance);
  }

  void add_instance(const clang::ClassTemplateSpecializationDecl* instance) {
    if (instance->getSpecializationKind() != clang::TSK_ExplicitSpecialization) add_class(instance);
  }

  void add_class(const clang::CXXRecordDecl* record) {
    if (!record->isThisDeclarationADefinition() || record->isDependentContext() || record->isLambda() ||
        isa<clang::ClassTemplatePartialSpecializationDecl>(record))
      return;
    registry_.class_of_project(record);
    add_members(record);
  }

  void add_function(const clang::FunctionDecl* function) {
    if (function->isDependentContext() || function->isDeleted() ||
        names_.is_in_system_header(function->getLocation()))
      return;
    const clang::FunctionDecl* definition = function->getDefinition();
    if (definition == nullptr || (!definition->isThisDeclarationADefinition() && !definition->getBody())) {
      add_declaration(function);
      return;
    }
    if (definition->hasBody() && !definition->isTrivial() && queued_.insert(definition).second)
      queue_.push_back(definition);
  }

  void add_declaration(const clang::FunctionDecl* function) {
    if (!queued_.insert(function->getCanonicalDecl()).second) return;
    std::vector<Contract> contracts = contracts_of(function, lowering());
    if (contracts.empty()) return;
    registry_.declare(function, std::move(contracts));
  }

  void add_variable(const clang::VarDecl* variable) {
    if (variable->getType()->isDependentType() || variable->isInvalidDecl()) return;
    if (const auto* parts = dyn_cast<clang::DecompositionDecl>(variable)) {
      for (const clang::BindingDecl* part : parts->bindings())
        if (part->getHoldingVar() != nullptr) add_variable(part->getHoldingVar());
    }
    if (variable->isThisDeclarationADefinition() == clang::VarDecl::DeclarationOnly &&
        !variable->isStaticDataMember())
      return;
    registry_.global(variable);
    add_initializer(variable);
  }

  void add_initializer(const clang::VarDecl* variable) {
    const clang::Expr* init = variable->getInit();
    if (init == nullptr || init->isValueDependent() || init->containsErrors()) return;
    const clang::QualType element = context_.getBaseElementType(variable->getType());
    if (element->isArithmeticType() && element.isConstQualified()) return;
    initializers_lowering_.lower_global(variable);
    enqueue_inner(initializers_lowering_.surveyed(), nullptr);
  }

  Lowering lowering() { return {unit_, context_, names_, registry_}; }

  // Lambdas, and the classes and statics of a function.
  void enqueue_inner(const Survey& survey, const clang::FunctionDecl* function) {
    unsigned number = 0;
    for (const clang::LambdaExpr* lambda : survey.lambdas) {
      const clang::CXXRecordDecl* closure = lambda->getLambdaClass();
      numbered_[closure] = {function, ++number};
      const clang::CXXMethodDecl* body = lambda->getCallOperator();
      if (closure->isGenericLambda()) {
        if (const clang::FunctionTemplateDecl* instances = closure->getDependentLambdaCallOperator())
          add_instances(instances);
        continue;
      }
      if (body == nullptr || body->isDependentContext()) continue;
      if (body->hasBody() && queued_.insert(body).second) queue_.push_back(body);
    }
    for (const clang::CXXRecordDecl* record : survey.local_classes) add_class(record);
    for (const clang::VarDecl* variable : survey.statics) {
      registry_.global(variable);
      if (function != nullptr) add_initializer(variable);
    }
  }

  void lower(const clang::FunctionDecl* function) {
    Function out;
    out.key = names_.key_of(function);
    if (!keys_.insert(out.key.value).second) return;
    lowered_.push_back(function);
    out.plain = names_.plain_name(function);
    out.place = names_.place_of(function->getLocation());
    out.end = names_.place_of(function->getEndLoc());
    out.flags = flags_of(function);
    if (const auto* method = dyn_cast<clang::CXXMethodDecl>(function);
        method != nullptr && !method->getParent()->isLambda())
      out.owner = names_.plain_name(method->getParent());
    out.contracts = contracts_of(function, lowering());
    FunctionLowering body(lowering(), function, out);
    body.lower_body();
    enqueue_inner(body.surveyed(), function);
    unit_.unit().functions.push_back(std::move(out));
  }

  uint16_t flags_of(const clang::FunctionDecl* function) {
    using namespace function_flags;
    const auto* method = dyn_cast<clang::CXXMethodDecl>(function);
    uint16_t flags = 0;
    if (isa<clang::CXXConstructorDecl>(function)) flags |= kConstructor;
    if (isa<clang::CXXDestructorDecl>(function)) flags |= kDestructor;
    if (method != nullptr && method->isVirtual()) flags |= kVirtual;
    if (method != nullptr && method->getParent()->isLambda()) flags |= kLambda;
    if (isa<clang::CoroutineBodyStmt>(function->getBody())) flags |= kCoroutine;
    if (!function->isExternallyVisible()) flags |= kInternal;
    if (function->isMain()) flags |= kMain;
    if (names_.is_in_header(function->getLocation())) flags |= kInHeader;
    if (function->getMostRecentDecl()->hasAttr<clang::NoThreadSafetyAnalysisAttr>()) flags |= kNotAnalysed;
    if (function->getReturnType()->isReferenceType()) flags |= kReturnsReference;
    if (function->getReturnType()->isBooleanType() || function->getReturnType()->isAnyPointerType())
      flags |= kReturnsTruth;
    return flags;
  }

  UnitBuilder& unit_;
  clang::ASTContext& context_;
  Names names_;
  Registry registry_;
  Function initializers_;
  FunctionLowering initializers_lowering_;
  std::vector<const clang::FunctionDecl*> queue_;
  llvm::DenseSet<const clang::FunctionDecl*> queued_;
  llvm::DenseSet<uint32_t> keys_;                    // of those that are lowered
  std::vector<const clang::FunctionDecl*> lowered_;  // as they are in the unit
  // Lambdas by their class: the function that they are in, and which of its lambdas they are.
  llvm::DenseMap<const clang::CXXRecordDecl*, std::pair<const clang::FunctionDecl*, unsigned>> numbered_;
};

}  // namespace

void lower_declarations(UnitBuilder& unit, clang::ASTContext& context, const std::string& directory,
                        const std::vector<clang::Decl*>& declarations) {
  Declarations all(unit, context, directory);
  for (const clang::Decl* declaration : declarations) all.add(declaration);
  all.finish();
}

}  // namespace gordian::check
