// What a function's name says of it: C programs have constructors and destructors too.
//
// Promises: pure functions of the program.
#pragma once

#include "analyzer/static-pass/link/concurrency.h"

namespace gordian::check {

// `conn_init`, `newQueue`, `cache_destroy`: makes its object, or ends it.
bool is_construction_by_name(const Program& program, FunctionId function);

// Whether main, and no thread, comes there.
bool is_only_in_main(const Analysis& analysis, const Concurrency& concurrency, FunctionId function);

}  // namespace gordian::check
