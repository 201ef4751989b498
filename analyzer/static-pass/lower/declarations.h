// From a parsed unit's declarations to a Unit: which functions, variables and classes are told.
#pragma once

#include "analyzer/static-pass/lower/clang.h"
#include "analyzer/static-pass/lower/unit_builder.h"

namespace gordian::check {

// `declarations`: at top level, those of the project. `directory`: what relative file names are relative to.
void lower_declarations(UnitBuilder& unit, clang::ASTContext& context, const std::string& directory,
                        const std::vector<clang::Decl*>& declarations);

}  // namespace gordian::check
