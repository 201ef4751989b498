// Clang's thread-safety attributes.
// Source: clang's "Thread Safety Analysis"; the older spellings of the same are understood too.
#pragma once

#include "analyzer/static-pass/lower/function.h"

namespace gordian::check {

struct Guards {
  Path guarded_by;
  std::vector<Path> before;
  std::vector<Path> after;
};

Guards guards_of(const clang::ValueDecl* data, const Lowering& unit);

// Of all declarations of the function that the unit has seen.
std::vector<Contract> contracts_of(const clang::FunctionDecl* function, const Lowering& unit);

}  // namespace gordian::check
