// Initialiser lists: each member that is a pointer, a function or another value that is followed gets its own
// assignment, as if it had been written.
#include "analyzer/static-pass/lower/function.h"
#include "analyzer/static-pass/lower/types.h"

namespace gordian::check {

using llvm::dyn_cast;

void FunctionLowering::lower_list(const clang::InitListExpr* list) {
  if (list->isSyntacticForm() && list->getSemanticForm() != nullptr) list = list->getSemanticForm();
  if (survey_.nested.contains(list)) return;  // the outermost tells of all
  const clang::QualType type = list->getType();
  if (!type->isRecordType() && !type->isArrayType()) return;
  if (list->isTransparent() || is_followed(type)) return;
  const Path object = made_by(list);
  lower_members(list, object);
}

void FunctionLowering::lower_members(const clang::InitListExpr* list, const Path& target) {
  const clang::QualType type = list->getType();
  if (const auto* array = unit_.context.getAsArrayType(type)) {
    for (unsigned i = 0; i < list->getNumInits(); ++i) {
      Path element = target;
      element.elements.push_back({Element::Kind::kIndex, unit_.unit.symbol(std::to_string(i))});
      lower_member(list->getInit(i), std::move(element), array->getElementType());
    }
    return;
  }
  const auto* record = type->getAs<clang::RecordType>();
  if (record == nullptr || unit_.names.is_in_system_header(record->getDecl()->getLocation())) return;
  if (record->isUnionType()) {
    const clang::FieldDecl* field = list->getInitializedFieldInUnion();
    if (field != nullptr && list->getNumInits() == 1)
      lower_member(list->getInit(0), member_of(target, field), field->getType());
    return;
  }
  unsigned index = 0;
  if (const auto* derived = dyn_cast<clang::CXXRecordDecl>(record->getDecl())) index = derived->getNumBases();
  for (const clang::FieldDecl* field : record->getDecl()->fields()) {
    if (field->isUnnamedBitField()) continue;
    if (index >= list->getNumInits()) break;
    lower_member(list->getInit(index++), member_of(target, field), field->getType());
  }
}

void FunctionLowering::lower_member(const clang::Expr* init, Path target, clang::QualType type) {
  if (init == nullptr || llvm::isa<clang::ImplicitValueInitExpr, clang::DesignatedInitUpdateExpr>(init))
    return;
  const clang::Expr* bare = strip(init);
  if (const auto* list = dyn_cast<clang::InitListExpr>(bare); list != nullptr && !is_followed(type)) {
    if (const uint32_t kind = mutex_kind_of(list, unit_.context); kind != 0) {
      Op op;
      op.kind = OpKind::kAssign;
      op.place = unit_.names.place_of(init->getExprLoc());
      op.target = std::move(target);
      op.arguments.push_back({{.root = Root::kConstant, .number = kind}, unit_.names.type_name(type)});
      return add(std::move(op));
    }
    lower_members(list, target);
    return;
  }
  if (is_followed(type)) {
    assign(std::move(target), path_of(init), type, init->getExprLoc());
  } else if (llvm::isa<clang::CXXConstructExpr>(maker_of(bare))) {
    // The object was made as a temporary, whose name is the member's from here on.
    Path made = path_of(bare);
    if (made.root == Root::kLocal && made.elements.empty())
      assign(std::move(target), made, type, init->getExprLoc());
  }
}

}  // namespace gordian::check
