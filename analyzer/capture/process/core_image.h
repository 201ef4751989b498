// A process from its core file, perhaps on another machine than the one where it ran.
//
// Promises: a file on this machine stands for one that ran only when their build-ids are equal, as far as the
// core shows them; what is missing or different is told in ProcessImage::damage. Throws InspectError, one
// line, for what is no core, for a program that is not the core's, and for a core whose stacks are not there.
#pragma once

#include <string>

#include "analyzer/capture/process/process_image.h"

namespace gordian::capture {

// `program`: the executable file, when it is not where it was; may be empty. `sysroot`: the directory under
// which the files of the core's machine are; empty for this one.
ProcessImage read_core(const std::string& path, const std::string& program, const std::string& sysroot);

}  // namespace gordian::capture
