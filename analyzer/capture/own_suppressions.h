// What a program that was compiled with -fsanitize=thread says of races that are known: a text in
// ThreadSanitizer's format beside its flight record, PID.suppressions for PID.flight.
//
// Promises: findings that match are marked. A text that is not there, or cannot be read as such, marks
// nothing.
#pragma once

#include <string>

#include "analyzer/finding/finding.h"

namespace gordian::capture {

void apply_own_suppressions(const std::string& record_path, finding::Report& report);

}  // namespace gordian::capture
