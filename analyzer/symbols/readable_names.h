// Linker names to names that a person reads.
//
// Promises: pure; a name that is not mangled, or that the demangler refuses, comes back as it is (without
// compiler suffixes such as `.constprop.0`). Names are stable between builds of the same source: no hashes,
// no clone numbers. Source of the mangling: Itanium C++ ABI, through abi::__cxa_demangle.
#pragma once

#include <string>
#include <string_view>

namespace gordian::symbols {

// `bank::transfer(Account&, Account&)`; a long parameter list becomes `(...)`, long template arguments
// `<...>`.
std::string readable_function(std::string_view linkage_name);

// `bank::transfer`: neither parameters nor template arguments.
std::string plain_function(std::string_view linkage_name);

// `bank::registry_lock`, `bank::transfer()::lock` for a static of a function.
std::string readable_variable(std::string_view linkage_name);

}  // namespace gordian::symbols
