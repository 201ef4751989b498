// Where libgordian-hooks.so and its kin are (libgordian-trace-hooks.so, libgordian-race-hooks.so,
// tsan/libtsan.so.2): beside the tool in a build tree, under ../lib in an installed one.
//
// Errors: Refusal when it is nowhere, or when its path cannot stand in LD_PRELOAD, whose separators are
// spaces and colons.
#pragma once

#include <string>

namespace gordian::cli {

enum class HooksLibrary { kOrdinary, kTracing, kSampling, kInstrumented, kTracingInstrumented };

// `directory` is the one that the tool's own binary lies in.
std::string find_hooks_library(const std::string& directory, HooksLibrary which = HooksLibrary::kOrdinary);

// The directory of the running binary.
std::string own_directory();

// The value for LD_PRELOAD: ours first, then what was there.
std::string preload_value(const std::string& library, const char* existing);

}  // namespace gordian::cli
