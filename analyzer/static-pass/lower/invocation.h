// A compile command of any gcc-like compiler, as an invocation of clang's front end that only parses.
//
// What clang does not know is left out, as is what asks for output, dependencies, warnings, plug-ins or a
// precompiled header of another compiler.
#pragma once

#include <memory>
#include <string>

#include "analyzer/static-pass/driver/database.h"
#include "analyzer/static-pass/lower/clang.h"

namespace gordian::check {

// Null when the command makes no sense; `diagnostics` has heard why.
std::shared_ptr<clang::CompilerInvocation> invocation_of(const CompileCommand& command,
                                                         clang::DiagnosticsEngine& diagnostics,
                                                         llvm::vfs::FileSystem& files);

// Where clang's own headers (stddef.h and its like) lie; empty when they are nowhere.
std::string clang_resources();

}  // namespace gordian::check
