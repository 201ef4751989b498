#include "analyzer/static-pass/lower/declarations.h"

namespace gordian::check {

void lower_declarations(UnitBuilder&, clang::ASTContext&, const std::string&,
                        const std::vector<clang::Decl*>&) {}

}  // namespace gordian::check
