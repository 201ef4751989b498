// Demangled function names, made fit for sentences and fingerprints.
//
// Promises: pure functions of text. They know C++ names as demanglers print them, C names and Python names,
// and never fail: a name that they do not understand comes back as it is.
#pragma once

#include <string>
#include <string_view>

#include "analyzer/finding/finding.h"

namespace gordian::capture {

// `void bank::transfer<int>(Account&, int) const [clone .cold]` -> `bank::transfer`.
std::string plain_function(std::string_view demangled);

// Whether the function only passes a lock call on: std::, boost::, __gthread_*, pthread_* and their like. It
// stays on the stack, but it is not where the program took the lock.
bool is_wrapper(std::string_view plain);

// The innermost frame that is the program's own; null when every frame is a wrapper or nameless.
const finding::Frame* own_frame(const finding::Stack& stack);

// Plain name of the function of own_frame; empty when there is none.
std::string own_function(const finding::Stack& stack);

// `transfer (bank.cpp:12)`, `transfer (libbank.so)`, `libbank.so+0x1234`; never empty.
std::string place(const finding::Frame& frame);

// Part of a path after the last slash.
std::string_view base_name(std::string_view path);

// Whether the module is one of Gordian's own libraries in the watched process.
bool is_hooks_library(std::string_view module);

// Whether the module is glibc, or a part of it.
bool is_c_library(std::string_view module);

std::string hexadecimal(uint64_t value);

}  // namespace gordian::capture
